//! The controller: damped steps in stops, each waited for, and none while all is well.

use super::{
    Light, Limits, Mains, Meter, Output, Settings, Tone, flicker::Flicker, focus::Focus,
    ladder::Ladder, lamp::Lamp,
};

/// Pictures, and milliseconds, until a camera shows what was set.
const LATENCY: (u32, u64) = (4, 200);
/// So many pictures have to be wrong before the camera is taken over.
const SURE: u32 = 3;
/// How long the exposure stays where it is after a code was last seen, in milliseconds.
const STAY: u64 = 6_000;
/// How long a code is looked for behind white that has come into view.
const SEARCH: u64 = 5_000;
/// Share of the picture that has become white by then.
const WHITE: f32 = 0.02;
/// Where the light modules of a code should be, and between which levels they may stay.
const AIM: f32 = 185.0;
const STAYS: f32 = 120.0;
const ARRIVED: (f32, f32) = (145.0, 236.0);
/// Share of white pixels from which light modules swell into dark ones.
const SWELLS: f32 = 0.1;
/// Part of the difference that a step makes up for, and stops of one step at most.
const DAMPING: f32 = 0.8;
const STRIDE: f32 = 2.0;
/// A controller that turned around so often that its steps are damped below this stays where it is.
const TIRED: f32 = 0.15;
/// How long the light has to be otherwise before that is told.
const TOLD_AFTER: u64 = 1_000;

/// Decides about one camera. Times are milliseconds of any clock that only goes forward.
#[derive(Debug, Clone)]
pub struct Exposure {
    limits: Limits,
    ladder: Ladder,
    /// What was set last.
    set: Settings,
    /// The amount of light of that, before it was rounded.
    stops: f32,
    /// What a code was last read with.
    good: Option<Settings>,
    /// Pictures and time that still show what was set before.
    settles: (u32, u64),
    /// When a code was last in view, and since when one is only guessed.
    seen: Option<u64>,
    searching: Option<u64>,
    /// Pictures in a row that were wrong.
    wrong: u32,
    /// The share of white that the scene has without a visitor.
    usual: Option<f32>,
    moving: bool,
    damping: f32,
    last_step: f32,
    flicker: Flicker,
    tried: u32,
    focus: Focus,
    lamp: Lamp,
    light: Light,
    otherwise: Option<(Light, u64)>,
}

impl Exposure {
    /// A controller within these limits. `kept` is what a code was read with in an earlier run.
    #[must_use]
    pub fn new(limits: Limits, kept: Option<Settings>) -> Self {
        let ladder = Ladder::new(&limits);
        let kept = kept.filter(|kept| !kept.auto && !ladder.is_empty());
        let mut this = Self {
            ladder,
            set: Settings::AUTO,
            stops: 0.0,
            good: kept,
            settles: (0, 0),
            seen: None,
            searching: None,
            wrong: 0,
            usual: None,
            moving: false,
            damping: DAMPING,
            last_step: 0.0,
            flicker: Flicker::default(),
            tried: 0,
            focus: Focus::new(limits.focus, kept.and_then(|kept| kept.focus)),
            lamp: Lamp::default(),
            light: Light::Good,
            otherwise: None,
            limits,
        };
        this.set.mains = kept.and_then(|kept| kept.mains);
        this.set.focus = this.focus.value();
        this
    }

    /// What to set before the first picture: what a code was last read with, or the camera's own exposure, whatever
    /// another program has left behind.
    pub fn start(&mut self, ms: u64) -> Settings {
        self.seen = Some(ms);
        if self.good.is_some() {
            self.take_over();
            self.apply(ms);
        } else {
            self.leave(ms);
        }
        self.set
    }

    /// What a code was last read with, to be kept for the next run.
    #[must_use]
    pub const fn good(&self) -> Option<Settings> {
        self.good
    }

    /// Whether the camera exposes by itself now.
    #[must_use]
    pub const fn is_auto(&self) -> bool {
        self.set.auto
    }

    /// One picture.
    pub fn see(&mut self, meter: &Meter, ms: u64) -> Output {
        if meter.code.is_some() {
            self.seen = Some(ms);
        }
        let settles = self.settles.0 > 0 || ms < self.settles.1;
        self.settles.0 = self.settles.0.saturating_sub(1);
        let mut settings = None;
        if !settles {
            let flickers = self.flicker.see(&meter.rows) == Some(true);
            if self.set.auto {
                self.lamp.see(meter.whole.mean, ms);
                settings = self.watch(meter, flickers, ms);
            } else {
                settings = self.manage(meter, flickers, ms);
            }
            self.judge(meter, ms);
        }
        Output {
            settings,
            light: self.light,
            lamp: self.lamp.is_on(),
        }
    }

    /// The camera exposes by itself: is that well?
    fn watch(&mut self, meter: &Meter, flickers: bool, ms: u64) -> Option<Settings> {
        let white = meter.whole.saturated;
        let usual = *self.usual.get_or_insert(white);
        let wrong = match &meter.code {
            Some(code) => flickers || self.off(code) != 0.0,
            None => white > usual + WHITE,
        };
        if meter.code.is_none() {
            // Quickly down when a visitor goes, slowly up: what stays belongs to the scene.
            let share = if white < usual { 0.3 } else { 0.01 };
            self.usual = Some(usual + share * (white - usual));
        }
        self.wrong = if wrong { self.wrong + 1 } else { 0 };
        if self.wrong >= SURE && !self.ladder.is_empty() {
            self.searching = meter.code.is_none().then_some(ms);
            if flickers {
                self.keep_out();
            }
            self.take_over();
            return self.apply(ms);
        }
        if flickers && self.limits.mains && self.keep_out() {
            return self.apply(ms);
        }
        self.sharpen(meter, wrong, ms)
    }

    /// The camera is set by this controller.
    fn manage(&mut self, meter: &Meter, flickers: bool, ms: u64) -> Option<Settings> {
        if meter.code.is_some() {
            self.searching = None;
        }
        let over = match (self.searching, self.seen) {
            (Some(since), _) => ms.saturating_sub(since) > SEARCH,
            (None, seen) => seen.is_none_or(|seen| ms.saturating_sub(seen) > STAY),
        };
        if over {
            return self.leave(ms);
        }
        let off = match &meter.code {
            Some(code) => self.off(code),
            None if self.searching.is_some() && meter.whole.saturated > WHITE / 4.0 => -1.0,
            None => 0.0,
        };
        self.moving = off != 0.0;
        if flickers && self.keep_out() {
            return self.apply(ms);
        }
        if !self.moving {
            if meter.read {
                self.good = Some(self.set);
            }
            return self.sharpen(meter, false, ms);
        }
        if off * self.last_step < 0.0 {
            self.damping /= 2.0;
        }
        if self.damping < TIRED {
            return None;
        }
        self.last_step = off;
        let (least, most) = self.ladder.bounds();
        self.stops = (self.stops + (self.damping * off).clamp(-STRIDE, STRIDE)).clamp(least, most);
        self.apply(ms)
    }

    /// Moves the focus where the light is right and nothing is read.
    fn sharpen(&mut self, meter: &Meter, wrong: bool, ms: u64) -> Option<Settings> {
        if wrong || meter.code.is_none() {
            return None;
        }
        self.focus.see(meter.sharp, meter.read, ms);
        (self.focus.value() != self.set.focus)
            .then(|| self.apply(ms))
            .flatten()
    }

    /// How many stops a code is from where it should be; 0 while it may stay where it is.
    fn off(&self, code: &Tone) -> f32 {
        let least = if self.moving { ARRIVED.0 } else { STAYS };
        if code.saturated > SWELLS {
            // How much brighter than white it is cannot be seen: the more pixels are white, the more.
            -(0.5 + 2.0 * code.saturated)
        } else if code.high < least || (self.moving && code.high > ARRIVED.1) {
            (AIM / code.high.max(6.0)).log2()
        } else {
            0.0
        }
    }

    /// Begins from what was right the last time.
    fn take_over(&mut self) {
        let from = self
            .good
            .map_or((None, None), |good| (good.exposure, good.gain));
        let (least, most) = self.ladder.bounds();
        self.stops = self.ladder.stops(from).clamp(least, most);
        self.set.auto = false;
        self.moving = false;
        self.damping = DAMPING;
        self.last_step = 0.0;
    }

    /// Gives the camera back to itself.
    fn leave(&mut self, ms: u64) -> Option<Settings> {
        self.searching = None;
        self.usual = None;
        self.wrong = 0;
        self.moving = false;
        self.focus.rest();
        let before = self.set;
        self.set.focus = self.focus.value();
        self.set.auto = true;
        // A camera that cannot expose by itself goes back to what it came with.
        let by_hand = !self.limits.auto;
        self.set.exposure = self
            .limits
            .exposure
            .filter(|_| by_hand)
            .map(|range| range.default);
        self.set.gain = self
            .limits
            .gain
            .filter(|_| by_hand)
            .map(|range| range.default);
        self.changed(before, ms)
    }

    /// Sets what was decided, unless it is set already.
    fn apply(&mut self, ms: u64) -> Option<Settings> {
        let before = self.set;
        self.set.focus = self.focus.value();
        if !self.set.auto {
            (self.set.exposure, self.set.gain) = self.ladder.rung(self.stops, self.set.mains);
        }
        self.changed(before, ms)
    }

    fn changed(&mut self, before: Settings, ms: u64) -> Option<Settings> {
        if self.set == before {
            return None;
        }
        self.settles = (LATENCY.0, ms + LATENCY.1);
        self.wrong = 0;
        self.flicker.forget();
        Some(self.set)
    }

    /// The light flickers: first Korea's mains, then the other; `false` when there is nothing left to try.
    fn keep_out(&mut self) -> bool {
        let obeyed = |mains: Mains| match (self.set.auto, self.set.exposure) {
            (true, _) => self.limits.mains,
            #[allow(clippy::cast_precision_loss, reason = "exposure times are small")]
            (false, Some(time)) => time as f32 >= mains.half_period() - 1.0,
            (false, None) => false,
        };
        let next = match self.set.mains {
            None => Mains::Hz60,
            Some(mains) if self.tried < 2 && obeyed(mains) => mains.other(),
            Some(_) => return false,
        };
        self.tried += 1;
        self.set.mains = Some(next);
        self.flicker.forget();
        true
    }

    /// Whether anything is left to do against too little or too much light.
    fn judge(&mut self, meter: &Meter, ms: u64) {
        let (least, most) = self.ladder.bounds();
        let none = self.ladder.is_empty();
        let at = |end: f32| none || (!self.set.auto && (self.stops - end).abs() < 0.05);
        let light = match &meter.code {
            Some(code) if code.high < 60.0 && at(most) => Light::TooDark,
            Some(code) if (code.saturated > 0.65 || code.low > 160.0) && at(least) => {
                Light::TooBright
            }
            Some(_) => Light::Good,
            // Without a code only what the camera could do by itself counts.
            None if !self.set.auto => self.light,
            None if meter.whole.high < 40.0 => Light::TooDark,
            None if meter.whole.saturated > 0.4 => Light::TooBright,
            None => Light::Good,
        };
        match self.otherwise {
            _ if light == self.light => self.otherwise = None,
            Some((other, since)) if other == light => {
                if ms.saturating_sub(since) >= TOLD_AFTER {
                    self.light = light;
                    self.otherwise = None;
                }
            }
            _ => self.otherwise = Some((light, ms)),
        }
    }
}
