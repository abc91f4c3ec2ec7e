//! The civil calendar of a run: which month and year each simulated day belongs to.

use jiff::civil::Date;

/// Days of a run as dates.
#[derive(Clone, Debug)]
pub struct Calendar {
    start: Date,
    /// By day: months since the month of the start.
    month: Vec<u32>,
}

impl Calendar {
    /// The calendar of `days` days from `start`.
    pub fn new(start: Date, days: u32) -> Self {
        let mut month = Vec::with_capacity(days as usize);
        let (mut months, mut date) = (0, start);
        for _ in 0..days {
            month.push(months);
            let next = date.tomorrow().unwrap_or(date);
            months += u32::from(next.month() != date.month());
            date = next;
        }
        Self { start, month }
    }

    /// Days of the run.
    pub fn days(&self) -> u32 {
        self.month.len() as u32
    }

    /// The date of a day; days past the calendar's reach stay at its end.
    pub fn date(&self, day: u32) -> Date {
        self.start.checked_add(jiff::Span::new().days(i64::from(day))).unwrap_or(Date::MAX)
    }

    /// The day of a date: negative before the start.
    pub fn day(&self, date: Date) -> i64 {
        days_between(self.start, date)
    }

    /// Months since the month of the start.
    pub fn month_index(&self, day: u32) -> u32 {
        self.month[day as usize]
    }

    /// Month of the year, 0 for January.
    pub fn month_of_year(&self, day: u32) -> usize {
        (self.start.month() as usize - 1 + self.month_index(day) as usize) % 12
    }

    /// Whether a day is the last of its month, or of the run.
    pub fn ends_month(&self, day: u32) -> bool {
        self.month.get(day as usize + 1).is_none_or(|&next| next != self.month[day as usize])
    }

    /// First day of the month that is `months` after the month of the start.
    pub fn month_start(&self, months: u32) -> Date {
        self.start
            .first_of_month()
            .checked_add(jiff::Span::new().months(i64::from(months)))
            .unwrap_or(Date::MAX)
    }
}

/// The date so many days before another, as far back as there are dates.
pub fn before(date: Date, days: u32) -> Date {
    date.checked_sub(jiff::Span::new().days(i64::from(days))).unwrap_or(Date::MIN)
}

/// Days from one date to another, negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_and_dates_answer_each_other() {
        let c = Calendar::new(date(1991, 1, 1), 7305);
        assert_eq!(c.date(7304), date(2010, 12, 31));
        for day in [0, 58, 59, 1153, 7304] {
            assert_eq!(c.day(c.date(day)), i64::from(day));
        }
        assert_eq!(c.day(date(1990, 12, 31)), -1);
        assert!(c.ends_month(30) && !c.ends_month(31) && c.ends_month(7304));
        assert_eq!(c.month_start(c.month_index(7304)), date(2010, 12, 1));
        assert_eq!(c.month_of_year(59), 2);
    }
}
