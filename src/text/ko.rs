//! Korean. 해요체 for visitors, as shops speak.

use super::{Advice, DAY, Staff, Words};
use crate::{
    config::DoorKind,
    gate::{Standing, room::State},
    kiosk::event::{Part, StickState},
    pass::{Reason, Service, Verdict},
    scan::Hint,
    store::EntryKind,
};

pub(super) static WORDS: Words = Words {
    hold_code: "QR 코드를\n화면에 비춰 주세요",
    hold_code_line: "QR 코드를 화면에 비춰 주세요",
    reading: "코드를\n확인하고 있어요",
    hint: |hint| match hint {
        Hint::Closer => "코드를 조금 더\n가까이 비춰 주세요",
        Hint::Away => "코드가 다 보이게\n조금 멀리 비춰 주세요",
        Hint::Straight => "기울이지 말고\n똑바로 비춰 주세요",
        Hint::Glare => "빛이 반사되지 않게\n살짝 돌려 주세요",
        Hint::Dark => "어두워요. 화면을\n더 밝게 해 주세요",
        Hint::Done => "이미 확인했어요.\n코드를 치워 주세요",
        Hint::NotAPass => "이용증이 아니에요.\n이용증을 비춰 주세요",
        Hint::Micro => "못 읽는 코드예요.\n이용증을 비춰 주세요",
    },
    challenge: "이용증 앱에서 '키오스크 QR'을\n눌러 이 코드를 비춰 주세요",
    challenge_then: "그다음 휴대폰 화면을\n카메라에 비춰 주세요",
    room: |state| match state {
        State::Free => "비어 있어요",
        State::Entering | State::Occupied => "사용 중이에요",
        State::Overstayed => "시간이 지났어요",
        State::Unknown => "노크해 주세요",
    },
    room_since: |since, left| match left {
        None => format!("{since}부터"),
        Some(left) => format!("{since}부터 · {left}분 남음"),
    },
    room_wait: |state| match state {
        State::Overstayed => "도움 요청을 눌러 주세요",
        _ => "잠시만 기다려 주세요",
    },
    open: "문 열기",
    open_hint: "버튼을 누르고\n들어오세요",
    no_picture: "사진은 저장하지 않아요",
    no_pass: "이용증이 없으면\n휴대폰 카메라로\n찍어 받으세요",
    camera_starts: "카메라를 준비하고 있어요",
    call: "도움 요청",
    call_title: "도움이 필요하세요?",
    call_number: "아래 번호로 전화해 주세요",
    call_nobody: "매장 안내문의 번호로\n전화해 주세요",
    back: "처음으로",
    language: "한국어",
    come_in: "들어오세요",
    use_machine: "판매기를 이용하세요",
    door_open: |seconds| format!("문이 {seconds}초 동안 열려 있어요"),
    checked: |service| match service {
        Service::Entry => "출입 인증을 확인했어요",
        Service::Adult => "성인 인증을 확인했어요",
        Service::Store => "스마트 스토어 이용을 확인했어요",
    },
    service: |service| match service {
        Service::Entry => "출입",
        Service::Adult => "성인",
        Service::Store => "스토어",
    },
    reason,
    too_young: |service| match service {
        Service::Entry => (
            "14세부터 들어올 수 있어요",
            "만 14세 생일이 지나면\n들어올 수 있어요",
        ),
        Service::Adult => (
            "19세부터 이용할 수 있어요",
            "만 19세가 되는 해의\n1월 1일부터 이용할 수 있어요",
        ),
        Service::Store => reason(Reason::TooYoung),
    },
    reason_short,
    door_failed: |kind| match kind {
        DoorKind::Door => (
            "문이 열리지 않았어요",
            "인증은 확인했어요.\n도움 요청을 눌러 주세요",
        ),
        DoorKind::Vend => (
            "판매기가 응답하지 않아요",
            "인증은 확인했어요.\n도움 요청을 눌러 주세요",
        ),
    },
    fault: |part, kind| match part {
        Part::Camera => (
            "카메라가 멈췄어요",
            "잠시만 기다려 주세요.\n계속되면 도움을 요청해 주세요",
        ),
        Part::Door if kind == DoorKind::Vend => (
            "판매기를 쓸 수 없어요",
            "지금은 응답하지 않아요.\n도움을 요청해 주세요",
        ),
        Part::Door => (
            "문을 열 수 없어요",
            "지금은 자동으로 열리지 않아요.\n도움을 요청해 주세요",
        ),
        Part::Contact => (
            "문 상태를 알 수 없어요",
            "잠시만 기다려 주세요.\n계속되면 도움을 요청해 주세요",
        ),
        Part::Storage => (
            "기록할 수 없어요",
            "기록이 되어야 문을 열 수 있어요.\n도움을 요청해 주세요",
        ),
        Part::Trust | Part::Formats => (
            "이용증을 확인할 수 없어요",
            "확인 목록이 없어요.\n도움을 요청해 주세요",
        ),
        Part::Clock => (
            "시각을 알 수 없어요",
            "잠시만 기다려 주세요.\n계속되면 도움을 요청해 주세요",
        ),
    },
    strip: |part, kind| match part {
        Part::Camera => "카메라 점검이 필요해요",
        Part::Door if kind == DoorKind::Vend => "판매기 점검이 필요해요",
        Part::Door => "문 장치 점검이 필요해요",
        Part::Contact => "문 센서 점검이 필요해요",
        Part::Storage => "기록 장치 점검이 필요해요",
        Part::Trust | Part::Formats => "확인 목록 점검이 필요해요",
        Part::Clock => "시각 점검이 필요해요",
    },
    stick: |state| match state {
        StickState::Reading => "USB를 읽고 있어요.\n뽑지 말고 기다려 주세요",
        StickState::Updated => "확인 목록을 새로 받았어요.\n이제 USB를 뽑아도 돼요",
        StickState::Unchanged => "USB에 새로운 것이 없어요.\n이제 뽑아도 돼요",
        StickState::Foreign => "이 USB에는 여기서 믿는\n발급자의 파일이 없어요",
        StickState::Unreadable => "이 USB를 읽을 수 없어요.\nFAT, exFAT, ext4만 돼요",
        StickState::Refused => "파일이 맞지 않아요.\n다시 복사해 주세요",
        StickState::Unstored => "저장하지 못했어요.\n이제 USB를 뽑아도 돼요",
    },
    staff: Staff {
        code: "관리자 코드",
        first_code: "관리자 코드 정하기",
        first_hint: "앞으로 쓸 여섯 자리 숫자를\n정해 주세요",
        again: "한 번 더 입력해 주세요",
        different: "두 코드가 달라요. 처음부터 다시 정해 주세요",
        wrong: "코드가 맞지 않아요",
        saved: "저장했어요. 이 코드로 들어가세요",
        weak: "너무 쉬운 코드예요. 다른 코드를 정해 주세요",
        locked: |seconds| format!("{seconds}초 뒤에 다시 입력할 수 있어요"),
        wait: "확인하고 있어요",
        failed: "기록을 읽을 수 없어요",
        erase: "지우기",
        close: "닫기",
        entries: "출입 기록",
        day: |year, month, day, weekday| {
            let name = ["월", "화", "수", "목", "금", "토", "일"];
            let name = usize::try_from(weekday)
                .ok()
                .and_then(|at| name.get(at))
                .copied()
                .unwrap_or("");
            format!("{year}년 {month}월 {day}일 ({name})")
        },
        days: ("이전 날", "다음 날"),
        all: "전체",
        verdict: |verdict| match verdict {
            Verdict::Granted => "허용",
            Verdict::Refused => "거절",
            Verdict::Undecided => "보류",
        },
        door_failed: "문 안 열림",
        overstayed: "시간 지남",
        vacate: "비움으로 표시",
        kind: |kind| match kind {
            EntryKind::Live => "앱",
            EntryKind::Printed => "인쇄",
            EntryKind::Free => "버튼",
        },
        columns: ["시각", "결과", "이유", "서비스", "발급", "이용증", "종류"],
        nothing: "이날의 기록이 없어요",
        rows: |first, last, all| format!("{first}–{last} / {all}건"),
        pages: ("이전 쪽", "다음 쪽"),
        steps: ("이전 쪽", "다음 쪽"),
        back: "뒤로",
        blocked: "차단",
        nothing_blocked: "이 키오스크에서 차단한 이용증이 없어요",
        blocked_by: |who, at| format!("{who}, {at}"),
        is_blocked: "이 키오스크에서 차단됨",
        block: "이 이용증 차단하기",
        block_hint: "지금부터 이 문이 열리지 않아요. 다른 문에는 알려지지 않아요",
        why_block: "왜 차단하나요?",
        whys: ["분실", "부정 사용", "기타"],
        do_not: "차단 안 함",
        unblock: ("차단 풀기", "한 번 더 눌러 풀기"),
        no_pass: "이 기록에는 이용증이 없어요",
        issuers: "발급자",
        no_issuer: "아직 믿는 발급자가 없어요",
        standing: |standing| match standing {
            Standing::NotOffered => "발급하지 않음".into(),
            Standing::NoList => "목록 없음: 열리지 않아요".into(),
            Standing::Aged { age, grace: None } => format!("{} 전 목록, 기한 없음", span(age)),
            Standing::Aged {
                age,
                grace: Some(grace),
            } if age > grace => {
                format!(
                    "{}일째 / {}일: 너무 오래되어 열리지 않아요",
                    age.div_ceil(DAY),
                    grace / DAY
                )
            }
            Standing::Aged {
                age,
                grace: Some(grace),
            } => {
                format!("{}일째 / {}일", age.div_ceil(DAY), grace / DAY)
            }
        },
        shut: |who| format!("막음 ({who})"),
        choice: ("열기", "막기"),
        only_owner: "발급자를 막거나 여는 일은 주인만 할 수 있어요",
        updated: |at| format!("{at}에 새로 받음"),
        not_updated: |at, why| format!("{at} 실패: {why}"),
        expired: "저장소의 기한이 지났어요",
        key: "키",
        until: |day| format!("{day}까지"),
        distrusted: "믿지 않음",
        list: |uri, passes, age| format!("목록 {uri}  {passes}건  {} 전", span(age)),
        no_list: |uri| format!("목록 {uri} 없음"),
    },
};

/// An age as people say it.
fn span(age: u64) -> String {
    match age {
        0..7_200 => format!("{}분", age / 60),
        7_200..172_800 => format!("{}시간", age / 3_600),
        _ => format!("{}일", age / DAY),
    }
}

fn reason(reason: Reason) -> Advice {
    match reason {
        Reason::Granted => ("들어오세요", ""),
        Reason::NotAPass => ("이용증이 아니에요", "이용증 앱의 QR 코드를\n비춰 주세요"),
        Reason::Malformed => (
            "읽을 수 없는 이용증이에요",
            "앱에서 새로 받아\n다시 비춰 주세요",
        ),
        Reason::UnknownIssuer => (
            "이 매장에서 쓸 수 없어요",
            "이 매장이 받는 발급처의\n이용증이 필요해요",
        ),
        Reason::KeyNotAllowed => (
            "더는 쓸 수 없는\n이용증이에요",
            "발급처에서 새로 받아 주세요",
        ),
        Reason::BadSignature => (
            "확인되지 않는\n이용증이에요",
            "앱에서 새로 받아\n다시 비춰 주세요",
        ),
        Reason::NotYetValid => ("아직 쓸 수 없어요", "이용증의 시작 시각을\n확인해 주세요"),
        Reason::Expired => ("기간이 지났어요", "앱에서 새로 받아\n다시 비춰 주세요"),
        Reason::WrongService => (
            "다른 곳의 이용증이에요",
            "앱에서 이 매장을 고른 뒤\n다시 비춰 주세요",
        ),
        Reason::TooYoung => (
            "나이 조건이 맞지 않아요",
            "이 매장은 정해진 나이부터\n이용할 수 있어요",
        ),
        Reason::Revoked => ("취소된 이용증이에요", "발급처에 문의해 주세요"),
        Reason::Suspended => ("사용이 정지된\n이용증이에요", "발급처에 문의해 주세요"),
        Reason::StatusUnknown => (
            "지금 확인할 수 없어요",
            "이용증의 문제가 아니에요.\n도움 요청을 눌러 주세요",
        ),
        Reason::Stale => (
            "시간이 지난 화면이에요",
            "앱에서 QR 코드를 다시 열어\n바로 비춰 주세요",
        ),
        Reason::FromFuture => (
            "휴대폰 시각이 빨라요",
            "휴대폰 시각을 자동으로 맞추고\n다시 비춰 주세요",
        ),
        Reason::ClockUnknown => (
            "지금 확인할 수 없어요",
            "이 기기의 시각 문제예요.\n도움 요청을 눌러 주세요",
        ),
        Reason::Replayed => (
            "이미 사용한 코드예요",
            "앱에서 QR 코드를 다시 열어\n바로 비춰 주세요",
        ),
        Reason::PrintedNotAllowed => (
            "인쇄한 이용증은\n받지 않아요",
            "휴대폰 앱의 QR 코드를\n비춰 주세요",
        ),
        Reason::Closed => ("지금은 운영 시간이\n아니에요", "운영 시간에 다시 와 주세요"),
        Reason::Passback => ("방금 사용한 이용증이에요", "잠시 뒤에 다시 비춰 주세요"),
        Reason::UsedUp => ("이용 횟수가 끝났어요", "매장에 새 이용증을\n부탁해 주세요"),
        Reason::LockedOut => ("이 매장에서 쓸 수 없어요", "점주에게 문의해 주세요"),
        Reason::Occupied => ("지금 사용 중이에요", "잠시 뒤에\n다시 비춰 주세요"),
        Reason::LogFailed => (
            "지금 확인할 수 없어요",
            "이 기기의 기록 문제예요.\n도움 요청을 눌러 주세요",
        ),
    }
}

fn reason_short(reason: Reason) -> &'static str {
    match reason {
        Reason::Granted => "-",
        Reason::NotAPass => "다른 QR",
        Reason::Malformed => "형식 오류",
        Reason::UnknownIssuer => "모르는 발급처",
        Reason::KeyNotAllowed => "쓸 수 없는 키",
        Reason::BadSignature => "서명 오류",
        Reason::NotYetValid => "시작 전",
        Reason::Expired => "기간 지남",
        Reason::WrongService => "다른 서비스",
        Reason::TooYoung => "나이 미달",
        Reason::Revoked => "취소됨",
        Reason::Suspended => "정지됨",
        Reason::StatusUnknown => "상태 모름",
        Reason::Stale => "지난 화면",
        Reason::FromFuture => "시각이 빠름",
        Reason::ClockUnknown => "시계 모름",
        Reason::Replayed => "다시 사용",
        Reason::PrintedNotAllowed => "인쇄 안 됨",
        Reason::Closed => "운영 시간 밖",
        Reason::Passback => "방금 사용",
        Reason::UsedUp => "횟수 끝남",
        Reason::LockedOut => "점주가 막음",
        Reason::Occupied => "사용 중",
        Reason::LogFailed => "기록 실패",
    }
}
