//! The words of the owner's pages. A missing text is a compile error.

use axum::http::{HeaderMap, header};

use super::cookie;

/// The cookie that remembers a language.
pub(super) const COOKIE: &str = "language";

pub(super) struct Words {
    pub(super) code: &'static str,
    pub(super) other: (&'static str, &'static str),
    pub(super) title: &'static str,
    pub(super) today: &'static str,
    pub(super) issue: &'static str,
    pub(super) passes: &'static str,
    pub(super) kiosks: &'static str,
    pub(super) kiosk_title: &'static str,
    pub(super) kiosk_note: &'static str,
    pub(super) kiosk_care: &'static str,
    pub(super) kiosk_none: &'static str,
    pub(super) log_out: &'static str,
    pub(super) log_in: &'static str,
    pub(super) owner_code: &'static str,
    pub(super) wrong: &'static str,
    pub(super) locked: fn(u64) -> String,
    pub(super) no_owner: &'static str,
    pub(super) choose: &'static str,
    pub(super) choose_rule: &'static str,
    pub(super) again: &'static str,
    pub(super) weak: &'static str,
    pub(super) differ: &'static str,
    pub(super) setup_over: &'static str,
    pub(super) save: &'static str,
    pub(super) good_now: &'static str,
    pub(super) none: &'static str,
    pub(super) issued_days: &'static str,
    pub(super) notices: &'static str,
    pub(super) nothing: &'static str,
    pub(super) notice: fn(&str, &str) -> String,
    pub(super) service: fn(&str) -> &'static str,
    pub(super) kind: fn(&str) -> &'static str,
    pub(super) state: fn(&str) -> &'static str,
    pub(super) which_service: &'static str,
    pub(super) why: &'static str,
    pub(super) seen: &'static str,
    pub(super) born: &'static str,
    pub(super) born_note: &'static str,
    pub(super) reference: &'static str,
    pub(super) how: &'static str,
    pub(super) by_link: &'static str,
    pub(super) by_paper: &'static str,
    pub(super) card_size: &'static str,
    pub(super) count: &'static str,
    pub(super) days: &'static str,
    pub(super) window: &'static str,
    pub(super) window_note: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) once: &'static str,
    pub(super) once_note: &'static str,
    pub(super) visits: fn(u8) -> String,
    pub(super) note: &'static str,
    pub(super) note_rule: &'static str,
    pub(super) add_note: &'static str,
    pub(super) make: &'static str,
    pub(super) link_ready: &'static str,
    pub(super) link_note: fn(&str) -> String,
    pub(super) code_typed: &'static str,
    pub(super) find: &'static str,
    pub(super) number: &'static str,
    pub(super) until: fn(&str) -> String,
    pub(super) paper_note: &'static str,
    pub(super) rule: fn(&str) -> String,
    pub(super) links: &'static str,
    pub(super) withdraw: &'static str,
    pub(super) attested: fn(&str) -> String,
    pub(super) revoke: &'static str,
    pub(super) revoke_now: &'static str,
    pub(super) suspend: &'static str,
    pub(super) lift: &'static str,
    pub(super) revoke_sure: &'static str,
    pub(super) changed: &'static str,
}

pub(super) static KO: Words = Words {
    code: "ko",
    other: ("en", "English"),
    title: "이용증 발급",
    today: "오늘",
    issue: "발급",
    passes: "이용증",
    kiosks: "키오스크",
    kiosk_title: "키오스크가 이 발급처를 믿게 하기",
    kiosk_note: "이 코드를 휴대폰으로 읽거나 아래 글자를 복사해서, 키오스크에서 munjigi trust add --pin 뒤에 넣어 주세요. 그 뒤로는 키오스크가 목록을 스스로 받아 옵니다.",
    kiosk_care: "비밀은 아닙니다. 다만 키오스크는 코드의 주인을 믿게 되므로, 꼭 이 화면의 코드를 쓰세요.",
    kiosk_none: "코드를 만들 수 없습니다. 서비스의 주소(--origin)가 https로 시작하는지 확인해 주세요.",
    log_out: "나가기",
    log_in: "들어가기",
    owner_code: "점주 코드",
    wrong: "코드가 맞지 않습니다. 다시 입력해 주세요.",
    locked: |seconds| format!("여러 번 틀렸습니다. {seconds}초 뒤에 다시 입력해 주세요."),
    no_owner: "아직 점주 코드가 없습니다. 서비스가 시작될 때 보여 준 주소를 열어 코드를 정해 주세요.",
    choose: "점주 코드 정하기",
    choose_rule: "8자 이상. 다른 곳에 쓰지 않는 코드로 정해 주세요.",
    again: "한 번 더",
    weak: "너무 쉬운 코드입니다. 8자 이상으로 정해 주세요.",
    differ: "두 코드가 다릅니다.",
    setup_over: "이 주소는 더 쓸 수 없습니다. 서비스를 다시 시작하면 새 주소가 나옵니다.",
    save: "저장",
    good_now: "지금 유효한 이용증",
    none: "아직 없습니다.",
    issued_days: "최근 14일 발급",
    notices: "알림",
    nothing: "알릴 일이 없습니다.",
    notice: |kind, detail| match kind {
        "link-used-again" => format!("이미 쓴 링크를 누군가 다시 열었습니다 (이용증 {detail})."),
        "link-expired" => "기한이 지난 링크를 누군가 열었습니다.".into(),
        "guessing" => {
            "누군가 없는 코드를 여러 번 입력했습니다. 그 주소는 10분 동안 막혔습니다.".into()
        }
        "login-locked" => format!("점주 코드가 {detail}번 틀렸습니다."),
        _ => kind.into(),
    },
    service: |service| match service {
        "adult" => "성인",
        "store" => "스마트 매장",
        _ => "출입",
    },
    kind: |kind| {
        if kind == "printed" {
            "인쇄"
        } else {
            "휴대폰"
        }
    },
    state: |state| match state {
        "revoked" => "폐기됨",
        "suspended" => "정지됨",
        _ => "유효",
    },
    which_service: "무엇을 여나요?",
    why: "나이를 어떻게 확인했나요?",
    seen: "직접 확인했습니다 (출입은 14세 이상, 성인은 연 19세 이상)",
    born: "생년월일",
    born_note: "적으면 기준일만 계산하고 생년월일은 저장하지 않습니다.",
    reference: "결제 참조 번호 (16진수 16자, 스마트 매장만. 비우면 새로 만듭니다)",
    how: "어떻게 드릴까요?",
    by_link: "휴대폰으로: 한 번 쓰는 링크",
    by_paper: "종이로: 인쇄용 카드 (PDF)",
    card_size: "카드 프린터용 (한 장에 한 쪽)",
    count: "카드 수",
    days: "며칠 동안 (휴대폰은 스스로 연장됩니다)",
    window: "손님·배달용: 정해진 시간만",
    window_note: "끝을 적으면 그때까지만 열리고 연장되지 않습니다. 시작을 비우면 지금부터입니다.",
    from: "부터",
    to: "까지",
    once: "한 번만 들어올 수 있음",
    once_note: "문마다 한 번이고, 연장되지 않습니다.",
    visits: |visits| match visits {
        1 => "한 번".into(),
        visits => format!("{visits}번"),
    },
    note: "메모 (찾을 때 쓸 말, 40자까지)",
    note_rule: "예: ‘파란 모자, 화요일’. 이름이나 연락처는 적지 마세요. 기간이 끝나고 1년 뒤 이용증과 함께 지워집니다.",
    add_note: "메모 쓰기",
    make: "만들기",
    link_ready: "링크가 준비되었습니다",
    link_note: |until| format!("한 사람만, 한 번만 쓸 수 있습니다. {until}까지."),
    code_typed: "손으로 입력할 코드",
    find: "찾기",
    number: "번호 또는 메모",
    until: |end| format!("{end}까지"),
    paper_note: "종이 이용증은 복사될 수 있어서, 문은 따로 정하지 않으면 출입용만 받습니다.",
    rule: |rule| match rule {
        "a window ends after it begins and after now, and has 31 days at most" => {
            "시간은 지금보다 뒤에 끝나야 하고, 31일을 넘을 수 없습니다.".into()
        }
        "a window needs its end" => "끝나는 시각을 적어 주세요.".into(),
        "a store pass begins now: leave the first time out" => {
            "스마트 매장은 지금부터만 됩니다. 시작 시각을 비워 주세요.".into()
        }
        "a note is one line of 40 letters" => "메모는 한 줄, 40자까지입니다.".into(),
        "how the age was checked is missing" => "나이를 어떻게 확인했는지 골라 주세요.".into(),
        "the birth date is missing" => "생년월일을 적어 주세요.".into(),
        "the person is not old enough before the pass ends" => {
            "이 기간 안에 기준 나이가 되지 않습니다.".into()
        }
        "cards have no hours: give a link" => {
            "종이에는 시간을 정할 수 없습니다. 링크로 주세요.".into()
        }
        "a payment reference has 16 hexadecimal digits" => {
            "결제 참조 번호는 0-9, a-f 16자입니다.".into()
        }
        rule => format!("입력한 내용을 다시 확인해 주세요. ({rule})"),
    },
    links: "아직 쓰지 않은 링크",
    withdraw: "거두기",
    attested: |by| match by {
        "own-eyes" => "직접 확인".into(),
        by => format!("확인: {by}"),
    },
    revoke: "폐기",
    revoke_now: "영구 폐기하기",
    suspend: "정지",
    lift: "정지 풀기",
    revoke_sure: "폐기하면 되돌릴 수 없습니다.",
    changed: "바꾸었습니다. 문은 다음 업데이트 때 알게 됩니다.",
};

pub(super) static EN: Words = Words {
    code: "en",
    other: ("ko", "한국어"),
    title: "Pass desk",
    today: "Today",
    issue: "Issue",
    passes: "Passes",
    kiosks: "Kiosks",
    kiosk_title: "Let a kiosk trust this issuer",
    kiosk_note: "Read this code with a phone or copy the text below, and give it to munjigi trust add --pin at the kiosk. From then on the kiosk fetches the lists by itself.",
    kiosk_care: "It is no secret. But a kiosk trusts whosever code it takes: take it from this page only.",
    kiosk_none: "There is no code to show: does the address of the service (--origin) begin with https?",
    log_out: "Log out",
    log_in: "Log in",
    owner_code: "Owner's code",
    wrong: "That is not the code. Please try again.",
    locked: |seconds| format!("Too many wrong codes. Please try again in {seconds} seconds."),
    no_owner: "There is no owner's code yet. Open the address that the service showed when it started, and choose one.",
    choose: "Choose the owner's code",
    choose_rule: "At least 8 letters or digits, used nowhere else.",
    again: "Once more",
    weak: "That code is too easy. At least 8 letters or digits.",
    differ: "The two codes differ.",
    setup_over: "This address is used up. Start the service again for a new one.",
    save: "Save",
    good_now: "Passes that are good now",
    none: "None yet.",
    issued_days: "Issued in 14 days",
    notices: "Notices",
    nothing: "Nothing to tell.",
    notice: |kind, detail| match kind {
        "link-used-again" => {
            format!("Somebody opened a link that was used already (pass {detail}).")
        }
        "link-expired" => "Somebody opened a link whose time was over.".into(),
        "guessing" => {
            "Somebody typed many codes that do not exist. That address is shut out for 10 minutes."
                .into()
        }
        "login-locked" => format!("The owner's code was wrong {detail} times."),
        _ => kind.into(),
    },
    service: |service| match service {
        "adult" => "Adult",
        "store" => "Smart store",
        _ => "Entry",
    },
    kind: |kind| {
        if kind == "printed" {
            "printed"
        } else {
            "phone"
        }
    },
    state: |state| match state {
        "revoked" => "revoked",
        "suspended" => "suspended",
        _ => "good",
    },
    which_service: "What does it open?",
    why: "How was the age checked?",
    seen: "I have seen it (entry: 14 or older, adult: 19 by the year)",
    born: "Birth date",
    born_note: "Only the days of the age rules are computed from it; the date is not kept.",
    reference: "Payment reference (16 hexadecimal digits, smart store only; empty makes a new one)",
    how: "How is it given?",
    by_link: "On a phone: a link for one use",
    by_paper: "On paper: cards to print (PDF)",
    card_size: "For a card printer (one page each)",
    count: "Cards",
    days: "For how many days (phones renew by themselves)",
    window: "Guests and couriers: some hours only",
    window_note: "With an end it opens until then only, and is not renewed. Without a beginning it begins now.",
    from: "From",
    to: "To",
    once: "For one visit only",
    once_note: "One visit at each door; it is not renewed.",
    visits: |visits| match visits {
        1 => "one visit".into(),
        visits => format!("{visits} visits"),
    },
    note: "Note, to find it again (at most 40 letters)",
    note_rule: "Such as “blue cap, Tuesdays”. No names and no telephone numbers here. It is erased with the pass, a year after that ended.",
    add_note: "Add a note",
    make: "Make it",
    link_ready: "The link is ready",
    link_note: |until| format!("For one person, once, until {until}."),
    code_typed: "Code to type",
    find: "Find",
    number: "Number or note",
    until: |end| format!("until {end}"),
    paper_note: "Paper can be copied: unless set otherwise, doors take it for entry only.",
    rule: |rule| format!("Please look again: {rule}."),
    links: "Links that nobody used yet",
    withdraw: "Withdraw",
    attested: |by| match by {
        "own-eyes" => "seen in person".into(),
        by => format!("checked by {by}"),
    },
    revoke: "Revoke",
    revoke_now: "Revoke for good",
    suspend: "Suspend",
    lift: "Lift",
    revoke_sure: "A revoked pass never comes back.",
    changed: "Done. Doors know it with their next update.",
};

/// The language of a visitor: what he chose, else what his browser prefers; Korean first.
pub(super) fn words(headers: &HeaderMap) -> &'static Words {
    let preferred = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.trim().to_lowercase());
    let wanted = cookie(headers, COOKIE).or(preferred).unwrap_or_default();
    if wanted.is_empty() || wanted.starts_with("ko") {
        &KO
    } else {
        &EN
    }
}
