use super::*;
use crate::camera::Luma;

/// Gives `frames` pictures, then does what `then` says.
struct Script {
    left: u32,
    then: Then,
}

#[derive(Clone, Copy)]
enum Then {
    End,
    Fail,
    Block(Duration),
}

impl Source for Script {
    fn name(&self) -> String {
        "script".into()
    }

    fn next(&mut self) -> Result<Option<Frame>, CameraError> {
        if self.left == 0 {
            match self.then {
                Then::End => return Ok(None),
                Then::Fail => {
                    return Err(CameraError::Picture {
                        name: "script".into(),
                        problem: "pulled".into(),
                    });
                }
                Then::Block(time) => {
                    std::thread::sleep(time);
                    self.then = Then::End;
                    self.left = 2;
                }
            }
        }
        self.left -= 1;
        let luma = Arc::new(Luma::new(4, 2, vec![7; 8]).unwrap());
        Ok(Some(Frame {
            seq: 0,
            luma,
            at: Instant::now(),
        }))
    }
}

fn play(
    mut scripts: Vec<Result<Script, CameraError>>,
    preview: Option<(u32, u32, bool)>,
) -> (Stream, Vec<StreamEvent>) {
    scripts.reverse();
    let (sender, events) = mpsc::channel();
    let opener: Opener = Box::new(move || {
        let script = scripts.pop().unwrap_or(Ok(Script {
            left: 0,
            then: Then::End,
        }))?;
        Ok(Box::new(script))
    });
    let lighting = Lighting::new(false, None, Arc::default());
    let stream = Stream::start(opener, lighting, preview, sender);
    let mut seen = Vec::new();
    while seen.last() != Some(&StreamEvent::Ended) {
        seen.push(events.recv_timeout(Duration::from_secs(30)).unwrap());
    }
    (stream, seen)
}

#[test]
fn a_lost_camera_is_opened_again() {
    let missing = || Err(CameraError::Missing("script".into()));
    let scripts = vec![
        missing(),
        missing(),
        Ok(Script {
            left: 2,
            then: Then::Fail,
        }),
        Ok(Script {
            left: 1,
            then: Then::End,
        }),
    ];
    let (stream, seen) = play(scripts, Some((2, 2, true)));
    let (open, lost) = (StreamEvent::Open("script".into()), |text: &str| {
        StreamEvent::Lost(text.into())
    });
    assert_eq!(
        seen,
        [
            lost("no camera 'script'"),
            open.clone(),
            lost("camera 'script' gives no picture: pulled"),
            open,
            StreamEvent::Ended
        ]
    );
    assert!(stream.frames.borrow().is_some());
    assert_eq!(
        stream
            .previews
            .borrow()
            .as_ref()
            .map(|preview| preview.width),
        Some(2)
    );
}

#[test]
fn a_frame_that_is_too_old_is_told_and_its_end_too() {
    let (_, mut seen) = play(
        vec![Ok(Script {
            left: 1,
            then: Then::Block(OLD * 2),
        })],
        None,
    );
    let open = StreamEvent::Open("script".into());
    let lost = StreamEvent::Lost("camera 'script' gives no picture".into());
    // The script's pictures are dark, which is told in its own time.
    seen.retain(|event| !matches!(event, StreamEvent::Light { .. }));
    assert_eq!(seen, [open.clone(), lost, open, StreamEvent::Ended]);
}
