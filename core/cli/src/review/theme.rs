use confee_domain::{FieldCard, FieldState, Tier};
use ratatui::style::{Color, Modifier, Style};

/// Styles of the deck. Without colour every meaning still has a word or a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Theme {
    /// Whether colours may be used.
    pub(super) colour: bool,
}

impl Theme {
    /// Colours unless the value of `NO_COLOR` says otherwise (<https://no-color.org>: set and not
    /// empty means none).
    pub(super) fn new(no_color: Option<&std::ffi::OsStr>) -> Self {
        Self { colour: no_color.is_none_or(std::ffi::OsStr::is_empty) }
    }

    fn fg(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    pub(super) fn accent(self) -> Style {
        self.fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    pub(super) fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    pub(super) fn faint(self) -> Style {
        if self.colour {
            self.fg(Color::DarkGray)
        } else {
            Style::new().add_modifier(Modifier::DIM)
        }
    }

    pub(super) fn good(self) -> Style {
        self.fg(Color::Green)
    }

    pub(super) fn bad(self) -> Style {
        self.fg(Color::LightRed)
    }

    /// The cited words.
    pub(super) fn mark(self) -> Style {
        if self.colour {
            Style::new().fg(Color::Black).bg(Color::Yellow)
        } else {
            Style::new().add_modifier(Modifier::REVERSED)
        }
    }

    pub(super) fn struck(self) -> Style {
        self.faint().add_modifier(Modifier::CROSSED_OUT)
    }

    pub(super) fn tier(self, tier: Tier) -> Style {
        let colour = match tier {
            Tier::Hot => Color::LightRed,
            Tier::Warm => Color::Yellow,
            Tier::Cold => Color::Blue,
            Tier::Unqualified => Color::DarkGray,
        };
        self.fg(colour).add_modifier(Modifier::BOLD)
    }

    pub(super) fn sureness(self, field: &FieldCard) -> Style {
        match (field.state, Sureness::of(field.confidence)) {
            (FieldState::Confirmed, _) | (FieldState::Drafted, Sureness::Sure) => self.good(),
            (FieldState::Edited, _) => self.fg(Color::Cyan),
            (FieldState::Cleared, _) => self.faint(),
            (FieldState::Drafted, Sureness::Check) => self.fg(Color::Yellow),
            (FieldState::Drafted, Sureness::Unsure) => self.bad(),
        }
    }
}

/// Confidence as a person needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sureness {
    /// 0.85 and more.
    Sure,
    /// 0.6 and more.
    Check,
    /// Below.
    Unsure,
}

impl Sureness {
    /// Of a confidence from 0 to 1; not a number counts as unsure.
    pub(super) fn of(confidence: f64) -> Self {
        match confidence {
            c if c >= 0.85 => Self::Sure,
            c if c >= 0.6 => Self::Check,
            _ => Self::Unsure,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Check => "check",
            Self::Unsure => "unsure",
        }
    }
}

pub(super) fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Hot => "HOT",
        Tier::Warm => "WARM",
        Tier::Cold => "COLD",
        Tier::Unqualified => "NO LEAD",
    }
}
