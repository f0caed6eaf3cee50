use super::*;

const NOW: u64 = 1_795_449_600;

fn road(class: Class, worked_at: Option<u64>) -> Road {
    Road {
        anchor: "a".into(),
        location: "https://pass.example/".into(),
        accepted_at: NOW - 86_400,
        tried_at: Some(NOW),
        worked_at,
        problem: Some(Problem::new(class, "so")),
    }
}

#[test]
fn staff_are_told_at_once_where_they_can_do_something() {
    assert_eq!(stuck(&[], NOW), None);
    for class in [
        Class::Portal,
        Class::Clock,
        Class::Certificate,
        Class::Storage,
    ] {
        let told = stuck(&[road(class, Some(NOW - 1))], NOW).unwrap();
        assert!(told.ends_with(class.remedy()), "{told}");
    }
    for (class, seconds) in [
        (Class::Network, PATIENCE),
        (Class::Server, PATIENCE),
        (Class::Refused, MOMENT),
    ] {
        assert_eq!(stuck(&[road(class, Some(NOW - seconds + 1))], NOW), None);
        let told = stuck(&[road(class, Some(NOW - seconds))], NOW).unwrap();
        assert_eq!(
            told,
            format!("{}: so. {}", class.sentence(), class.remedy())
        );
        // Never worked by itself since it was pinned a day ago.
        assert!(stuck(&[road(class, None)], NOW).is_some());
    }
    let works = Road {
        problem: None,
        ..road(Class::Portal, None)
    };
    assert_eq!(stuck(&[works], NOW), None);
}
