//! Whom this door trusts: every issuer, how old what it says is, and for which services the owner lets it open.

use iced::{
    Center, Color, Element, Fill,
    widget::{button, column, container, row, space, text::Wrapping},
};

use super::{
    Action, Message, Page, State, Tab,
    ask::{Issuer, Request, Stand},
    frame::{TOUCH, between, instead, moment, room, window},
    turned,
};
use crate::{
    config::Language,
    gate::Standing,
    screen::widget::{chip, plain, strong},
    store::Role,
    theme::{self, Key, Scale},
};

/// Height of a line, in heights of its letters.
const LINE: f32 = 1.28;

/// The issuers, and the one that is looked at.
#[derive(Default)]
pub(super) struct Issuers {
    /// `None` until the store has answered.
    pub(super) all: Option<Vec<Issuer>>,
    /// The id of the one that is open.
    pub(super) open: Option<String>,
    pub(super) failed: bool,
    pub(super) page: usize,
}

impl Issuers {
    /// The issuer that is open.
    pub(super) fn opened(&self) -> Option<&Issuer> {
        let id = self.open.as_ref()?;
        self.all.as_ref()?.iter().find(|issuer| issuer.id == *id)
    }

    /// How many screens there are.
    pub(super) fn pages(&self, scale: &Scale) -> usize {
        let (count, fit) = match self.opened() {
            Some(issuer) => (
                issuer.keys.len() + issuer.lists.len(),
                lines_fit(scale, issuer),
            ),
            None => (self.all.as_ref().map_or(0, Vec::len), fit(scale)),
        };
        count.div_ceil(fit).max(1)
    }
}

/// Height of an issuer among others: its name, a line of services, how old it is.
fn height(scale: &Scale) -> f32 {
    (4.0 * LINE * scale.table + scale.near).max(TOUCH)
}

/// How many issuers the screen has room for.
fn fit(scale: &Scale) -> usize {
    (room(scale) / (height(scale) + 1.0 + scale.near))
        .floor()
        .max(1.0) as usize
}

/// How many lines of keys and lists the screen has room for below what is said of an issuer.
fn lines_fit(scale: &Scale, issuer: &Issuer) -> usize {
    let said = if issuer.repository.failed.is_some() {
        5.0
    } else {
        3.0
    };
    let said = if scale.upright() { said + 1.0 } else { said };
    let above = 0.9 * scale.body + 3.0 * (TOUCH + 9.0) + said * LINE * scale.table + 24.0;
    ((room(scale) - above) / (1.5 * scale.table))
        .floor()
        .max(1.0) as usize
}

impl State {
    pub(super) fn on_issuers(&mut self, message: Message) -> Action {
        let Page::Issuers(issuers) = &mut self.page else {
            return Action::None;
        };
        match message {
            Message::Issuer(id) => {
                issuers.open = Some(id);
                issuers.page = 0;
            }
            Message::Back => {
                issuers.open = None;
                issuers.page = 0;
            }
            Message::Turn(turn) => {
                let pages = issuers.pages(&self.scale);
                turned(&mut issuers.page, turn, pages);
            }
            Message::Choose(service, open) => {
                if let (Some(who), Some(issuer)) = (&self.who, &issuers.open)
                    && who.role == Role::Owner
                {
                    return Action::Ask(Request::Choose {
                        who: who.name.clone(),
                        issuer: issuer.clone(),
                        service,
                        open,
                    });
                }
            }
            _ => {}
        }
        Action::None
    }

    pub(super) fn issuers<'a>(&'a self, issuers: &'a Issuers) -> Element<'a, Message> {
        if let Some(issuer) = issuers.opened() {
            return self.issuer(issuers, issuer);
        }
        let (scale, words) = (&self.scale, &self.words().staff);
        let all = issuers.all.as_deref().unwrap_or_default();
        let (first, last) = window(all.len(), issuers.page, fit(scale));
        let mut inside = column![].spacing(scale.near * 0.5);
        if all.is_empty() {
            let (said, colour) = match (&issuers.all, issuers.failed) {
                (_, true) => (words.failed, theme::REFUSED),
                (None, false) => (words.wait, theme::QUIET),
                (Some(_), false) => (words.no_issuer, theme::WARNING),
            };
            inside = inside.push(instead(said, colour, scale));
        }
        for issuer in &all[first..last] {
            inside = inside.push(between()).push(self.row(issuer));
        }
        let first_shown = first as u64 + u64::from(last > first);
        let said = (words.rows)(first_shown, last as u64, all.len() as u64);
        self.frame(
            Tab::Issuers,
            inside,
            self.turns(words.steps, said, (first > 0, last < all.len())),
        )
    }

    /// One issuer among others.
    fn row<'a>(&'a self, issuer: &'a Issuer) -> Element<'a, Message> {
        let scale = &self.scale;
        let services = issuer.services.iter().map(|stand| {
            let (said, colour) = self.stand(stand);
            let service = (self.words().service)(stand.service);
            plain(format!("{service}: {said}"), scale.table, colour)
                .wrapping(Wrapping::None)
                .into()
        });
        // An upright panel has no room for three of them beside each other.
        let services: Element<'_, Message> = if scale.upright() {
            column(services).into()
        } else {
            row(services).spacing(scale.far).into()
        };
        let (updated, trouble) = self.updated(issuer);
        let (updated, colour) = match trouble {
            Some(trouble) => (format!("{updated}. {trouble}"), theme::WARNING),
            None => (updated, theme::QUIET),
        };
        let said = column![
            strong(self.name(issuer), scale.table * 1.2, theme::INK),
            services,
            plain(updated, scale.table, colour).wrapping(Wrapping::None),
        ];
        button(container(said).center_y(Fill).clip(true))
            .width(Fill)
            .height(if scale.upright() {
                height(scale) + 2.0 * LINE * scale.table
            } else {
                height(scale)
            })
            .padding(0.0)
            .style(theme::key(Key::Bare, scale.radius))
            .on_press(Message::Issuer(issuer.id.clone()))
            .into()
    }

    /// One issuer alone.
    fn issuer<'a>(&'a self, issuers: &'a Issuers, issuer: &'a Issuer) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let head = row![
            strong(self.name(issuer), scale.body * 0.7, theme::INK),
            plain(issuer.id.as_str(), scale.table, theme::QUIET),
        ]
        .spacing(scale.near)
        .align_y(Center);
        let mut inside = column![head].spacing(4.0);
        for stand in &issuer.services {
            inside = inside.push(between()).push(self.service(stand));
        }
        if self.owner() {
            inside = inside.push(between());
        } else {
            let hint = plain(words.only_owner, scale.table, theme::QUIET);
            inside = inside.push(between()).push(hint);
        }
        let repository = &issuer.repository;
        let (updated, trouble) = self.updated(issuer);
        let gap = if scale.upright() { "\n" } else { "  " };
        let from = format!("{updated}{gap}{}  {}", repository.anchor, repository.from);
        let from = plain(from, scale.table, theme::QUIET).wrapping(Wrapping::None);
        inside = inside.push(container(from).width(Fill).clip(true));
        // What a server said may be long.
        inside = inside.push(trouble.map(|trouble| {
            container(plain(trouble, scale.table, theme::WARNING))
                .max_height(2.0 * LINE * scale.table)
                .clip(true)
        }));
        let lines = self.lines(issuer);
        let (first, last) = window(lines.len(), issuers.page, lines_fit(scale, issuer));
        inside = inside.push(between());
        for (line, colour) in lines.into_iter().take(last).skip(first) {
            inside = inside.push(
                container(plain(line, scale.table, colour).wrapping(Wrapping::None))
                    .height(1.5 * scale.table - 4.0)
                    .clip(true),
            );
        }
        let last_page = issuers.pages(scale) - 1;
        let foot = row![
            chip(words.steps.0, Key::Outlined, scale)
                .on_press_maybe((issuers.page > 0).then_some(Message::Turn(-1))),
            space().width(Fill),
            chip(words.back, Key::Outlined, scale).on_press(Message::Back),
            space().width(Fill),
            chip(words.steps.1, Key::Filled, scale)
                .on_press_maybe((issuers.page < last_page).then_some(Message::Turn(1))),
        ];
        self.frame(Tab::Issuers, inside, foot)
    }

    /// A service, and the owner's choice.
    fn service<'a>(&'a self, stand: &Stand) -> Element<'a, Message> {
        let (scale, words) = (&self.scale, &self.words().staff);
        let (said, colour) = self.stand(stand);
        let offered = stand.standing != Standing::NotOffered;
        let choice = |open: bool, label: &'static str| {
            let chosen = stand.forbidden.is_none() == open;
            let look = if chosen && offered {
                Key::Filled
            } else {
                Key::Outlined
            };
            let message = Message::Choose(stand.service, open);
            chip(label, look, scale)
                .height(TOUCH)
                .on_press_maybe(offered.then_some(message))
        };
        let mut line = row![
            strong(
                (self.words().service)(stand.service),
                scale.table,
                theme::INK
            )
            .width(5.0 * scale.table),
            plain(said, scale.table, colour).width(Fill),
        ]
        .spacing(scale.near * 0.5)
        .height(TOUCH)
        .align_y(Center);
        if self.owner() {
            line = line
                .push(choice(true, words.choice.0))
                .push(choice(false, words.choice.1));
        }
        line.into()
    }

    /// How a service stands, in words.
    fn stand(&self, stand: &Stand) -> (String, Color) {
        let words = &self.words().staff;
        if let Some(who) = &stand.forbidden
            && stand.standing != Standing::NotOffered
        {
            return ((words.shut)(who), theme::REFUSED);
        }
        let said = (words.standing)(stand.standing);
        let colour = match stand.standing {
            Standing::NotOffered => theme::QUIET,
            standing if standing.is_over() => theme::REFUSED,
            standing if standing.is_old() => theme::WARNING,
            Standing::NoList | Standing::Aged { .. } => theme::INK,
        };
        (said, colour)
    }

    /// When the issuer's repository was taken last, and what is wrong with it: why the last try failed.
    fn updated(&self, issuer: &Issuer) -> (String, Option<String>) {
        let words = &self.words().staff;
        let repository = &issuer.repository;
        let updated = (words.updated)(&moment(repository.updated));
        let trouble = match &repository.failed {
            Some((at, why)) => Some((words.not_updated)(&moment(*at), why)),
            None => repository
                .expires
                .is_some_and(|expires| self.unix >= expires)
                .then(|| words.expired.into()),
        };
        (updated, trouble)
    }

    /// Keys and lists, a line each.
    fn lines(&self, issuer: &Issuer) -> Vec<(String, Color)> {
        let words = self.words();
        let staff = &words.staff;
        let now = u64::try_from(self.unix).unwrap_or(0);
        let keys = issuer.keys.iter().map(|key| {
            let services: Vec<&str> = key
                .services
                .iter()
                .map(|one| (words.service)(*one))
                .collect();
            let day = moment(key.verify_until);
            let day = day.split(' ').next().unwrap_or_default();
            let counts = !key.distrusted && now < key.verify_until;
            let until = if key.distrusted {
                staff.distrusted.to_string()
            } else {
                (staff.until)(day)
            };
            let line = format!(
                "{} {}  {}  {until}",
                staff.key,
                key.kid,
                services.join(", ")
            );
            (line, if counts { theme::INK } else { theme::WARNING })
        });
        let lists = issuer.lists.iter().map(|list| match list.iat {
            Some(iat) => {
                let age = now.saturating_sub(iat);
                let line = (staff.list)(&list.uri, list.passes, age);
                let old = age > crate::gate::standing::OLD;
                (line, if old { theme::WARNING } else { theme::INK })
            }
            None => ((staff.no_list)(&list.uri), theme::REFUSED),
        });
        keys.chain(lists).collect()
    }

    /// The name in the language of the screen, or the other one, or the id.
    fn name<'a>(&self, issuer: &'a Issuer) -> &'a str {
        let (ko, en) = (issuer.ko.as_deref(), issuer.en.as_deref());
        let name = match self.language {
            Language::Ko => ko.or(en),
            Language::En => en.or(ko),
        };
        name.unwrap_or(&issuer.id)
    }

    pub(super) fn owner(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.role == Role::Owner)
    }
}
