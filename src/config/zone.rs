//! The time zone of a workspace: which day today is, and how times are shown to people. What is stored stays UTC.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Asia__Jakarta)
    }
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse().map(Self).map_err(|_| {
            format!(
                "`{name}` is no time zone; write `Asia/Jakarta` (WIB), `Asia/Makassar` (WITA), `Asia/Jayapura` (WIT) or another \
                 IANA name"
            )
        })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.name().to_owned()
    }
}

impl Zone {
    /// The day that it is here.
    pub fn day(self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.0).date_naive()
    }

    /// Today, by the clock of the machine.
    pub fn today(self) -> NaiveDate {
        self.day(Utc::now())
    }

    /// A stored time (RFC 3339) as the clock here shows it, with the zone's short name (`WIB`); `None` where it is no time.
    pub fn local(self, stored: &str) -> Option<(NaiveDateTime, String)> {
        let local = DateTime::parse_from_rfc3339(stored).ok()?.with_timezone(&self.0);
        Some((local.naive_local(), local.format("%Z").to_string()))
    }

    /// A stored time (RFC 3339) for people, as `2026-11-22 07:24 WIB`; other text as it is.
    pub fn shown(self, stored: &str) -> String {
        self.local(stored).map_or_else(
            || stored.to_owned(),
            |(local, zone)| format!("{} {zone}", local.format("%Y-%m-%d %H:%M")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_seven_hours_before_utc_and_nine_in_papua() {
        let evening = DateTime::parse_from_rfc3339("2026-11-21T15:30:00Z").unwrap().to_utc();
        let jayapura = Zone::try_from("Asia/Jayapura".to_owned()).unwrap();
        assert_eq!(Zone::default().day(evening).to_string(), "2026-11-21");
        assert_eq!(jayapura.day(evening).to_string(), "2026-11-22");
        assert_eq!(Zone::default().shown("2026-11-21T17:30:00Z"), "2026-11-22 00:30 WIB");
        assert_eq!(jayapura.shown("2026-11-21T17:30:00.5Z"), "2026-11-22 02:30 WIT");
        assert_eq!(Zone::default().shown("kemarin"), "kemarin");
    }

    #[test]
    fn an_unknown_zone_is_told_the_three_of_the_country() {
        let error = Zone::try_from("WIB".to_owned()).unwrap_err();
        assert!(error.contains("Asia/Makassar"), "{error}");
    }
}
