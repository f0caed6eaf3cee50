use super::*;

const FRAME: (usize, usize) = (1280, 720);

/// A square of this side with its upper left corner here.
fn square(x: f32, y: f32, side: f32) -> [[f32; 2]; 4] {
    [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
}

/// A well-lit code in the middle that was not read for no reason that we know.
fn fine() -> Sight {
    Sight {
        corners: square(480.0, 200.0, 300.0),
        module: 4.0,
        contrast: 150.0,
        glare: 0.0,
        read: false,
        foreign: false,
    }
}

fn at(corners: [[f32; 2]; 4]) -> Sight {
    Sight { corners, ..fine() }
}

#[test]
fn each_trouble_has_its_hint() {
    let turned = [
        [640.0, 150.0],
        [840.0, 350.0],
        [640.0, 550.0],
        [440.0, 350.0],
    ];
    let narrow = [
        [500.0, 200.0],
        [680.0, 200.0],
        [680.0, 500.0],
        [500.0, 500.0],
    ];
    // A rhombus of 45 degrees: its sides are alike.
    let skewed = [
        [400.0, 200.0],
        [700.0, 200.0],
        [912.0, 412.0],
        [612.0, 412.0],
    ];
    let module = |module| Sight { module, ..fine() };
    let glare = |glare| Sight { glare, ..fine() };
    let dim = Sight {
        contrast: 40.0,
        ..fine()
    };
    let cases = [
        ("nothing is wrong", fine(), 120.0, None),
        ("small", module(1.9), 120.0, Some(Hint::Closer)),
        ("just large enough", module(2.0), 120.0, None),
        (
            "at the left edge",
            at(square(1.0, 200.0, 300.0)),
            120.0,
            Some(Hint::Away),
        ),
        (
            "cut above",
            at(square(480.0, -40.0, 300.0)),
            120.0,
            Some(Hint::Away),
        ),
        (
            "cut on the right",
            at(square(1100.0, 200.0, 300.0)),
            120.0,
            Some(Hint::Away),
        ),
        (
            "cut below",
            at(square(480.0, 419.0, 300.0)),
            120.0,
            Some(Hint::Away),
        ),
        (
            "fills the frame",
            at(square(300.0, 50.0, 615.0)),
            120.0,
            Some(Hint::Away),
        ),
        ("large", at(square(300.0, 50.0, 605.0)), 120.0, None),
        ("turned in its plane", at(turned), 120.0, None),
        ("seen from aside", at(narrow), 120.0, Some(Hint::Straight)),
        ("skewed", at(skewed), 120.0, Some(Hint::Straight)),
        ("reflects", glare(0.13), 120.0, Some(Hint::Glare)),
        ("reflects a little", glare(0.12), 120.0, None),
        ("dim in the dark", dim, 30.0, Some(Hint::Dark)),
        ("dim by day", dim, 120.0, None),
        ("bright in the dark", fine(), 30.0, None),
    ];
    for (name, sight, luma, expected) in cases {
        assert_eq!(hint(&sight, FRAME, luma), expected, "{name}");
    }
}

#[test]
fn what_helps_most_comes_first() {
    let narrow = [
        [500.0, 200.0],
        [680.0, 200.0],
        [680.0, 500.0],
        [500.0, 500.0],
    ];
    let all = Sight {
        corners: square(-10.0, 200.0, 300.0),
        module: 1.0,
        contrast: 20.0,
        glare: 0.5,
        read: false,
        foreign: true,
    };
    let tilted = Sight {
        corners: narrow,
        ..fine()
    };
    let cases = [
        ("foreign before all", all, Some(Hint::Micro)),
        (
            "cut before small",
            Sight {
                foreign: false,
                ..all
            },
            Some(Hint::Away),
        ),
        (
            "small before glare",
            Sight {
                module: 1.0,
                glare: 0.5,
                ..fine()
            },
            Some(Hint::Closer),
        ),
        (
            "glare before tilt",
            Sight {
                glare: 0.5,
                ..tilted
            },
            Some(Hint::Glare),
        ),
        (
            "tilt alone makes it small",
            Sight {
                module: 1.5,
                ..tilted
            },
            Some(Hint::Straight),
        ),
        (
            "small even when straight",
            Sight {
                module: 1.0,
                ..tilted
            },
            Some(Hint::Closer),
        ),
    ];
    for (name, sight, expected) in cases {
        assert_eq!(hint(&sight, FRAME, 20.0), expected, "{name}");
        let read = Sight {
            read: true,
            ..sight
        };
        assert_eq!(hint(&read, FRAME, 20.0), None, "{name}, read");
    }
}

#[test]
fn corners_that_enclose_nothing_say_nothing() {
    for corners in [
        [[0.0; 2]; 4],
        square(300.0, 300.0, 0.5),
        square(f32::NAN, 300.0, 100.0),
        square(f32::INFINITY, 300.0, 100.0),
    ] {
        assert_eq!(hint(&at(corners), FRAME, 20.0), None, "{corners:?}");
    }
}

#[test]
fn events_have_the_names_of_the_hints() {
    for hint in Hint::ALL {
        assert_eq!(serde_json::json!(hint), hint.name());
    }
}
