//! Patrols: a search that stops for every vessel it finds.

use crate::model::math::{exp, expm1};

/// Halvings in the search for a fixed point in \[0, 1\]: enough for the last bit of a double.
const HALVINGS: usize = 60;

/// Part of the patrol-hours ordered for a zone that calls for patrols there when nobody has been found.
pub const WATCH: f64 = 0.1;

/// Days over which patrols forget the work they had.
pub const WORK_DAYS: f64 = 7.0;

/// Rate at which one patrol-hour finds a given vessel.
///
/// ```text
/// a = seek·W·v / A
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | seek | `seek` | ratio | ≥ 0 | above 1 where being found is hoped for, below 1 where it is evaded |
/// | W | `sweep_width_km` | km | ≥ 0 | width swept by a patrol |
/// | v | `speed_kmh` | km/h | ≥ 0 | speed of a patrol |
/// | A | `area_km2` | km² | > 0 | area searched |
///
/// Source: Koopman (1956), random search.
///
/// Limits: proportional to each factor; assumes that search is spread over the area without a plan.
pub fn detection_rate_per_hour(seek: f64, sweep_width_km: f64, speed_kmh: f64, area_km2: f64) -> f64 {
    seek * sweep_width_km * speed_kmh / area_km2
}

/// How vessels seek or evade patrols.
///
/// ```text
/// seek = exp( κ·(q_stop − q_land) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | q_stop | `q_stop` | share | 0 … 1 | perceived chance of protection once stopped |
/// | q_land | `q_land` | share | 0 … 1 | perceived chance once landed |
/// | κ | `kappa` | 1 | ≥ 0 | how strongly they seek or evade (default 1) |
///
/// Source: assumption, not estimated. Before 19 August 1994 being picked up in the Florida Straits meant
/// admission.
///
/// Limits: 1 where both ends are worth the same or κ = 0; at least 1 where q_stop ≥ q_land, at most 1
/// otherwise; within \[exp(−κ), exp(κ)\].
pub fn seek_factor(q_stop: f64, q_land: f64, kappa: f64) -> f64 {
    exp(kappa * (q_stop - q_land).clamp(-1.0, 1.0))
}

/// Share of vessels found by a search that loses no time over them.
///
/// ```text
/// F = 1 − exp(−a·B)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | a | `rate` | 1/h | ≥ 0 | rate at which a patrol-hour finds a vessel |
/// | B | `hours` | h | ≥ 0 | patrol-hours |
///
/// Source: Koopman (1956).
///
/// Limits: 0 without hours, towards 1 with many; does not depend on how many vessels there are.
pub fn koopman_found_share(rate: f64, hours: f64) -> f64 {
    -expm1(-rate * hours.max(0.0))
}

/// Share of vessels found by a search that stops to handle each: the mean field of [`search`].
///
/// ```text
/// F = 1 − exp( −a·(B − h·n·F) )
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | a | `rate` | 1/h | ≥ 0 | rate at which a patrol-hour finds a vessel |
/// | B | `hours` | h | ≥ 0 | patrol-hours |
/// | h | `handling_hours_per_vessel` | h | ≥ 0 | time a vessel found takes |
/// | n | `vessels` | vessel | ≥ 0 | vessels at sea |
///
/// Source: the random-predator equation of Rogers (1972), solved by bisection.
///
/// Limits: Koopman's share where h·n = 0; vessels found, n·F, tend to B/h as n grows: patrols saturate. A day
/// may end with a vessel in hand, whose hours [`search`] overspends, so that the days of few vessels find up
/// to one more.
pub fn rogers_found_share(rate: f64, hours: f64, handling_hours_per_vessel: f64, vessels: f64) -> f64 {
    let handling = handling_hours_per_vessel * vessels;
    let (mut low, mut high) = (0.0, koopman_found_share(rate, hours));
    if handling <= 0.0 {
        return high;
    }
    for _ in 0..HALVINGS {
        let share = 0.5 * (low + high);
        if share < koopman_found_share(rate, hours - handling * share) {
            low = share;
        } else {
            high = share;
        }
    }
    0.5 * (low + high)
}

/// Search a zone for a day: which vessels are found, and the hours it took.
///
/// ```text
/// x_j = ξ_j/a_j;   in order of x, vessel j is found iff  x_j + Σ_{i found before j} (h0 + h1·persons_i) ≤ B
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | x_j | `costs_hours` | h | ≥ 0, in any order | hours of search after which vessel j is met; ∞ never |
/// | persons_j | `persons` | person | one item per vessel | people aboard |
/// | B | `hours_available` | h | ≥ 0 | patrol-hours, less those still tied up |
/// | h0 | `h0` | h | ≥ 0 | handling of a vessel |
/// | h1 | `h1` | h | ≥ 0 | handling of each person aboard |
/// | | `found` | | | cleared, then the positions of the vessels found, in order of finding |
///
/// Search hours run only while no vessel is being handled: x_j counts hours of search, so handling pushes
/// every later meeting back by its length. Vessels of equal x are met in the order of their positions.
///
/// Returns the hours up to the end of the handling of the last vessel found, 0 if none was. They can exceed
/// B, by at most one handling: what is overspent ties patrols up tomorrow. Where they fall short, the rest
/// was searched in vain.
///
/// Shape: `costs_hours` and `persons` are of one length; the longer is read as far as the shorter.
///
/// Source: random search (Koopman 1956) with the handling time of the disc equation (Holling 1959).
///
/// Limits: without handling those with x ≤ B are found; with B = 0 nobody is, save at x = 0.
pub fn search(
    costs_hours: &[f64],
    persons: &[u32],
    hours_available: f64,
    h0: f64,
    h1: f64,
    found: &mut Vec<usize>,
) -> f64 {
    found.clear();
    found.extend(0..costs_hours.len().min(persons.len()));
    found.sort_by(|&i, &j| costs_hours[i].total_cmp(&costs_hours[j]));
    let (mut handling, mut used, mut count) = (0.0, 0.0, 0);
    for &vessel in found.iter() {
        // The sum only grows along the order, so the first vessel that is not met ends the day's search. An
        // infinite cost is a vessel that cannot be met, however many hours there are; nor can one whose cost
        // is not a number.
        let met_after = costs_hours[vessel] + handling;
        if met_after.is_nan() || met_after == f64::INFINITY || met_after > hours_available {
            break;
        }
        handling += h0 + h1 * f64::from(persons[vessel]);
        used = costs_hours[vessel] + handling;
        count += 1;
    }
    found.truncate(count);
    used
}

/// Whether a vessel that was found is boarded.
///
/// ```text
/// boarded iff u < p_board
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | u | `uniform` | 1 | 0 … 1 | the vessel's draw of the day |
/// | p_board | `boarding` | share | 0 … 1 | probability that a vessel found is boarded (default 0.95) |
///
/// Source: assumption, not estimated.
///
/// Limits: never at 0, always at 1; raising p_board boards a superset.
pub fn boarded(uniform: f64, boarding: f64) -> bool {
    uniform < boarding
}

/// One day of a level that follows another, where only today's is remembered: the gap closes at a steady rate.
///
/// ```text
/// B ← B + (1 − exp(−1/T))·(target − B)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | B | `hours` | h/day | ≥ 0 | patrol-hours of the day before, or hours of work on vessels found |
/// | target | `target` | h/day | ≥ 0 | patrol-hours ordered, or the work of today |
/// | T | `ramp_days` | day | ≥ 0 | days after which 63 % of the gap is closed |
///
/// Source: assumption, not estimated. It needs no date of the order, so orders may follow one another before the
/// first is carried out.
///
/// Limits: at once where T = 0; never past the target.
pub fn surge_step(hours: f64, target: f64, ramp_days: f64) -> f64 {
    if ramp_days <= 0.0 { target } else { hours - expm1(-1.0 / ramp_days) * (target - hours) }
}

/// Patrol-hours that a zone goes without today for those its State's patrols overspent yesterday, anywhere.
///
/// ```text
/// O_z = Σ O · B_z / Σ B
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | Σ O | `overspent` | h | ≥ 0 | hours overspent in all zones that the State patrols |
/// | B_z | `hours` | h/day | ≥ 0 | patrol-hours of the zone |
/// | Σ B | `all_hours` | h/day | ≥ 0 | the same of all zones that the State patrols |
///
/// Source: assumption, not estimated: the patrols of a State are one fleet, and a cutter that carries people to a
/// facility is missing wherever it would have been next.
///
/// Limits: all of it where the State patrols one zone alone; nothing where there are no patrols.
pub fn overspent_here(overspent: f64, hours: f64, all_hours: f64) -> f64 {
    if all_hours > 0.0 { overspent * (hours / all_hours) } else { 0.0 }
}

/// Hours that patrols spend on the vessels they found.
///
/// ```text
/// Σ_j (h0 + h1·persons_j)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | persons_j | `persons` | person | one item per vessel | people aboard |
/// | h0 | `h0` | h | ≥ 0 | handling of a vessel |
/// | h1 | `h1` | h | ≥ 0 | handling of each person aboard |
///
/// Source: the handling time of the disc equation (Holling 1959).
///
/// Limits: 0 where nobody was found; adds up over vessels.
pub fn handling_hours(persons: impl Iterator<Item = u32>, h0: f64, h1: f64) -> f64 {
    persons.map(|aboard| h0 + h1 * f64::from(aboard)).sum()
}

/// How much a zone calls for patrols.
///
/// ```text
/// n_z = w_z + r·B_z
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | w_z | `work` | h/day | ≥ 0 | hours a day lately spent on vessels found there |
/// | B_z | `ordered` | h/day | ≥ 0 | patrol-hours ordered for the zone |
///
/// Source: assumption, not estimated; r = [`WATCH`] of what is ordered is there to watch, whatever was found.
///
/// Limits: above 0 wherever patrols are ordered, so that no zone is left alone.
pub fn patrol_need(work: f64, ordered: f64) -> f64 {
    work + WATCH * ordered
}

/// Patrol-hours of a zone today, where part of a State's fleet goes where the work is.
///
/// ```text
/// H_z = (1 − φ)·B_z + φ·ΣB·n_z/Σn
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | φ | `share` | share | 0 … 1 | part of the fleet that follows the need for it |
/// | B_z, ΣB | `ordered`, `all_ordered` | h/day | ≥ 0 | patrol-hours ordered for the zone, and for all zones of the State |
/// | n_z, Σn | `need`, `all_need` | h/day | ≥ 0 | see [`patrol_need`], of the zone and of all of them |
///
/// Source: assumption, not estimated. In August 1994 cutters off Haiti were called to the Florida Straits.
///
/// Limits: as ordered with φ = 0, where the State patrols one zone alone, and where every zone has as much work as it
/// has patrols; the sum over zones is what is ordered whatever φ is.
pub fn hours_by_need(share: f64, ordered: f64, all_ordered: f64, need: f64, all_need: f64) -> f64 {
    if share > 0.0 && all_need > 0.0 {
        (1.0 - share) * ordered + share * all_ordered * (need / all_need)
    } else {
        ordered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math::ln;

    /// Mean share found over many days of `n` like vessels.
    fn simulate(n: usize, rate: f64, hours: f64, h0: f64, days: u64) -> f64 {
        let mut s = 0x2545_F491_4F6C_DD1D_u64;
        let mut uniform = || {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            ((s >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        };
        let (persons, mut found, mut sum) = (vec![0; n], Vec::new(), 0.0);
        for _ in 0..days {
            let costs: Vec<f64> = (0..n).map(|_| -ln(uniform()) / rate).collect();
            search(&costs, &persons, hours, h0, 0.5, &mut found);
            sum += found.len() as f64 / n as f64;
        }
        sum / days as f64
    }

    #[test]
    fn without_handling_search_is_koopmans() {
        let (rate, hours, n, days) = (0.02, 30.0, 20, 20_000);
        let expected = koopman_found_share(rate, hours);
        let sd = (expected * (1.0 - expected) / (n as f64 * days as f64)).sqrt();
        assert!((expected - (1.0 - exp(-0.6))).abs() < 1e-15);
        let seen = simulate(n, rate, hours, 0.0, days);
        assert!((seen - expected).abs() < 5.0 * sd, "{seen} against {expected}");
        assert_eq!(rogers_found_share(rate, hours, 0.0, 20.0), expected);
    }

    #[test]
    fn with_handling_the_mean_field_is_rogers() {
        let (rate, hours) = (0.05, 24.0);
        for n in [5_usize, 20, 100, 500] {
            // Handling grows rarer as vessels grow more numerous, so that all sizes are as crowded.
            let h = 20.0 / n as f64;
            let seen = simulate(n, rate, hours, h, 4_000_000 / (n as u64 * 50));
            let low = rogers_found_share(rate, hours, h, n as f64);
            // Hours of search lie between B − h·K and B − h·(K − 1), K vessels found, and so does the share.
            let high = rogers_found_share(rate, hours + h, h, n as f64);
            assert!(seen > low - 0.004 && seen < high + 0.004, "{n}: {low} ≤ {seen} ≤ {high}");
            assert!((seen - low).abs() < 0.5 / n as f64 + 0.004, "{n}: {seen} against {low}");
            assert!(koopman_found_share(rate, hours) - seen > 0.15, "handling matters here");
        }
    }

    #[test]
    fn rogers_solves_its_equation_and_is_monotone() {
        let share = |a, b, h, n| rogers_found_share(a, b, h, n);
        for (a, b, h, n) in [(0.05, 24.0, 3.0, 5.0), (1.0, 50.0, 0.1, 500.0), (1e-4, 10.0, 50.0, 1e6)] {
            let f = share(a, b, h, n);
            assert!((f - koopman_found_share(a, b - h * n * f)).abs() < 1e-12 * (1.0 + a * h * n));
            assert!(share(2.0 * a, b, h, n) > f && share(a, 2.0 * b, h, n) > f);
            assert!(share(a, b, 2.0 * h, n) < f && share(a, b, h, 2.0 * n) < f);
        }
        assert_eq!(share(0.05, 0.0, 3.0, 10.0), 0.0);
        assert_eq!(share(0.0, 24.0, 3.0, 10.0), 0.0);
    }

    #[test]
    fn patrols_saturate() {
        let (rate, hours, h) = (0.05, 24.0, 3.0);
        let per_day = |n: f64| n * rogers_found_share(rate, hours, h, n);
        assert!(per_day(10.0) < per_day(100.0) && per_day(100.0) < per_day(1e4));
        assert!(per_day(1e7) < hours / h && (per_day(1e7) - hours / h).abs() < 1e-3);
        // In the simulation the last vessel is handled beyond the day: one more than B/h at most.
        let found = 2000.0 * simulate(2000, 10.0, hours, h, 50);
        assert!((8.0..=9.0).contains(&found), "{found}");
    }

    #[test]
    fn search_takes_vessels_in_order_until_the_hours_run_out() {
        let mut found = vec![77];
        // Met after 1; after 4 and 2 + 10·0.1 of handling; after 5 and 6 of handling, beyond 10.
        let used = search(&[5.0, 1.0, 4.0, f64::INFINITY], &[10, 10, 10, 10], 10.0, 2.0, 0.1, &mut found);
        assert_eq!((found.clone(), used), (vec![1, 2], 10.0));
        let used = search(&[5.0, 1.0, 4.0], &[10, 10, 10], 7.0, 2.0, 0.1, &mut found);
        assert_eq!(
            (found.clone(), used),
            (vec![1, 2], 10.0),
            "met at the seventh hour, handled until the tenth"
        );
        let used = search(&[5.0, 1.0, 4.0], &[10, 10, 10], 6.9, 2.0, 0.1, &mut found);
        assert_eq!((found.clone(), used), (vec![1], 4.0));
        assert_eq!(search(&[f64::INFINITY, f64::NAN], &[1, 1], f64::INFINITY, 0.0, 0.0, &mut found), 0.0);
        assert!(found.is_empty());
        assert_eq!(search(&[3.0], &[1], 0.0, 2.0, 0.1, &mut found), 0.0);
        assert_eq!(search(&[2.0, 2.0], &[0, 0], 9.0, 0.0, 0.0, &mut found), 2.0);
        assert_eq!(found, [0, 1]);
    }

    #[test]
    fn overspent_hours_are_less_than_one_handling_and_carry() {
        let (mut found, mut carried, mut spent, mut days_over) = (Vec::new(), 0.0_f64, 0.0, 0);
        let (hours, h, days) = (10.0, 7.0, 300);
        for day in 0..days {
            let costs: Vec<f64> = (0..40).map(|i| 0.01 * f64::from((i * 7 + day) % 40)).collect();
            let available = (hours - carried).max(0.0);
            let used = search(&costs, &[0; 40], available, h, 0.0, &mut found);
            assert!(used <= available + h);
            days_over += i32::from(used > available);
            carried = (carried + used - hours).max(0.0);
            spent += h * found.len() as f64;
        }
        assert!(days_over > 100);
        let most = hours * f64::from(days) + h;
        assert!(
            spent <= most && spent > 0.8 * most,
            "what is borrowed from tomorrow is paid back: {spent} of {most}"
        );
    }

    #[test]
    fn vessels_seek_what_they_hope_for() {
        assert_eq!(seek_factor(0.4, 0.4, 3.0), 1.0);
        assert_eq!(seek_factor(0.9, 0.1, 0.0), 1.0);
        assert!(seek_factor(0.9, 0.8, 1.0) > 1.0 && seek_factor(0.1, 0.8, 1.0) < 1.0);
        assert_eq!(seek_factor(9.0, 0.0, 2.0), exp(2.0));
        assert!((seek_factor(0.9, 0.2, 1.5) * seek_factor(0.2, 0.9, 1.5) - 1.0).abs() < 1e-14);
        let rate = detection_rate_per_hour(2.0, 10.0, 30.0, 60_000.0);
        assert!((rate - 0.01).abs() < 1e-15);
    }

    #[test]
    fn boarding_is_a_threshold() {
        assert!(!boarded(0.0, 0.0) && boarded(0.999, 1.0) && boarded(0.5, 0.6) && !boarded(0.6, 0.6));
    }

    #[test]
    fn overspent_hours_are_the_fleets() {
        let parts = [120.0, 250.0, 40.0].map(|hours| overspent_here(30.0, hours, 410.0));
        assert!(
            (parts.iter().sum::<f64>() - 30.0).abs() < 1e-12 && parts[1] > parts[0] && parts[0] > parts[2]
        );
        assert_eq!(overspent_here(30.0, 120.0, 120.0), 30.0);
        assert_eq!(overspent_here(30.0, 0.0, 0.0), 0.0);
    }

    #[test]
    fn patrols_go_where_the_work_is_and_none_are_lost() {
        let send = |share: f64, ordered: [f64; 3], work: [f64; 3]| {
            let need = |z: usize| patrol_need(work[z], ordered[z]);
            let (all, needs) = (ordered.iter().sum::<f64>(), (0..3).map(need).sum::<f64>());
            [0, 1, 2].map(|z| hours_by_need(share, ordered[z], all, need(z), needs))
        };
        let (ordered, crisis) = ([120.0, 250.0, 40.0], [2.0, 240.0, 0.0]);
        for share in [0.0, 0.3, 1.0] {
            let sent = send(share, ordered, crisis);
            assert!((sent.iter().sum::<f64>() - 410.0).abs() < 1e-10);
            assert!(sent[0] <= 120.0 && sent[1] >= 250.0 && sent[2] <= 40.0 && sent[2] > 0.0);
        }
        assert_eq!(send(0.0, ordered, crisis), ordered);
        let (idle, alike) = (send(0.7, ordered, [0.0; 3]), send(0.7, ordered, [60.0, 125.0, 20.0]));
        for z in 0..3 {
            assert!((idle[z] - ordered[z]).abs() < 1e-10 && (alike[z] - ordered[z]).abs() < 1e-10);
        }
        assert_eq!(hours_by_need(1.0, 120.0, 120.0, 12.0, 12.0), 120.0, "one zone alone");
        assert_eq!(hours_by_need(1.0, 0.0, 0.0, 0.0, 0.0), 0.0, "no patrols");
        assert_eq!(handling_hours([5, 7].into_iter(), 2.0, 0.5), 10.0);
        assert_eq!(handling_hours([].into_iter(), 2.0, 0.5), 0.0);
    }

    #[test]
    fn surges_close_the_gap() {
        assert_eq!(surge_step(24.0, 124.0, 0.0), 124.0);
        let after = (0..10).fold(24.0, |b, _| surge_step(b, 124.0, 10.0));
        assert!((after - (124.0 - 100.0 * exp(-1.0))).abs() < 1e-10);
        assert_eq!(surge_step(24.0, 24.0, 10.0), 24.0);
    }
}
