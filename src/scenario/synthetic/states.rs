//! Countries with their places, zones, vessels, ladders and arrangements.

use super::world::{Country, World};
use std::fmt::Write;

/// Most arrangements of a kind.
const MOST_OF_A_KIND: usize = 8;

/// Write countries, places, zones and vessels.
pub fn write(text: &mut String, world: &World) {
    let rich = world.countries.len().div_ceil(5);
    for (i, c) in world.countries.iter().enumerate() {
        let belongs = world.by_income.iter().position(|&r| r == i).is_some_and(|rank| rank < rich);
        country(text, c, belongs);
    }
    for c in &world.countries {
        places(text, c);
    }
    for zone in world.zones() {
        let owner = &world.countries[zone.country].name;
        let _ = writeln!(
            text,
            "[zones.{}]\narea_km2 = 100000.0\npatrol_hours_per_day = 200.0\nplaces_aboard = 50000.0\npatrolled_by = \
             \"{owner}\"\ndisembark_at = \"{owner}_land\"\nweather_by_month = [0.5, 0.5, 0.7, 0.8, 0.9, 1.0, 1.0, 1.0, \
             0.9, 0.7, 0.6, 0.5]\n",
            zone.name
        );
    }
    text.push_str(
        "[vessels.raft]\npersons_mean = 8.0\npersons_safe = 8.0\nboat_usd = 2000.0\n\n[vessels.smugglers_boat]\n\
         persons_mean = 60.0\npersons_safe = 40.0\nboat_usd = 20000.0\nvariable_usd = 200.0\nseizure = 0.7\nsmuggled \
         = true\n\n",
    );
}

fn country(text: &mut String, c: &Country, belongs: bool) {
    // Of those it hosts, some tenth waits for a decision of which there is one in about a year, and 3 % may be removed.
    let (decisions, removals) = ((c.hosts * 0.09 / 350.0).max(1.0), (c.hosts * 0.03 / 700.0).max(1.0));
    let usual = c.hosts * 0.1 / 365.0 / c.millions;
    let memberships = if belongs { "[\"union\", \"council\"]" } else { "[\"council\"]" };
    let _ = writeln!(
        text,
        "[countries.{}]\npopulation_millions = {:?}\nreceiving_population_millions = {:?}\ngdp_per_head_usd = \
         {:?}\narea_km2 = {:?}\nusual_per_million_day = {usual:.4}\ndecisions_per_day = {decisions:.1}\n\
         appeals_per_day = {:.1}\nremovals_per_day = {removals:.1}\nreception_places = {:.1}\nconstituency = 0.2\n\
         election = 2026-11-03\nbudget_million_usd = {:.1}\nmemberships = {memberships}\noutcomes = {{ \
         protected_settling_per_year = 0.1, reunification_per_year = 0.05, settling_per_year = 0.15, \
         temporary_settling_per_year = 0.05 }}\n",
        c.name,
        c.millions,
        c.millions,
        c.income_usd,
        c.area_km2,
        decisions * 0.3,
        c.hosts.max(1000.0) * 1.2,
        (c.millions * c.income_usd * 0.001).max(1.0),
    );
}

fn places(text: &mut String, c: &Country) {
    let _ = writeln!(text, "[places.{0}_land]\ncountry = \"{0}\"\nopenness = 0.85\n", c.name);
    if c.facility {
        let held = (c.hosts * 0.02).max(50.0);
        let _ = writeln!(
            text,
            "[places.{0}_camp]\nkind = \"facility\"\ncountry = \"{0}\"\nrelease_to = \"{0}_land\"\ncapacity = \
             {1:.1}\nscreenings_per_day = {2:.1}\nlongest_stay_days = 540.0\nstay_end = \"{3}\"\n\
             cost_usd_per_person_day = 30.0\n",
            c.name,
            held * 1.3,
            held / 300.0,
            if c.zone.is_some() { "release" } else { "stranded" },
        );
    }
}

/// Write ladders: procedures and reception of all who host people, the sea of those who patrol it, borders of some.
pub fn write_ladders(text: &mut String, world: &World) {
    for (i, c) in world.destinations().into_iter().enumerate() {
        // A third decides for itself.
        let steering = if i % 3 == 0 { "endogenous" } else { "dated" };
        procedure(text, world, c, steering);
        if i % 4 == 1 {
            let _ = writeln!(
                text,
                "[ladders.{0}_border]\ncountry = \"{0}\"\ndomain = \"border\"\nsteering = \"endogenous\"\nrungs = \
                 [\n  {{ name = \"open\", openness = {{ {0}_land = 0.9 }} }},\n  {{ name = \"narrow\", openness = {{ \
                 {0}_land = 0.6 }} }},\n]\n",
                c.name
            );
        }
    }
    for zone in world.zones() {
        sea(text, &world.countries[zone.country], &zone.name);
    }
}

fn procedure(text: &mut String, world: &World, c: &Country, steering: &str) {
    // The strict hurry the claims of the fewest.
    let few = world.origins.last().map(|o| format!("\"{}\"", o.name)).unwrap_or_default();
    let held = if c.facility {
        format!(
            "{{ action = \"hold\", at = \"{}_camp\", examined = true, recognised = \"resettle\", refused = \"return\" \
             }}, ",
            c.name
        )
    } else {
        String::new()
    };
    let _ = writeln!(
        text,
        "[ladders.{0}_procedure]\ncountry = \"{0}\"\ndomain = \"procedure\"\nsteering = \"{steering}\"\nrungs = [",
        c.name
    );
    for (name, proof, access, reception, hurried, on_border) in [
        ("generous", 0.6, 0.98, 0.6, "", format!("{held}{{ action = \"hear\" }}")),
        ("strict", 1.4, 0.9, 0.4, few.as_str(), format!("{held}{{ action = \"undocumented\" }}")),
    ] {
        let _ = writeln!(
            text,
            "  {{ name = \"{name}\", standard_of_proof = {proof:?}, access = {access:?}, reception = {reception:?}, \
             accelerated = [{hurried}], rules = [{{ on = \"border\", actions = [{on_border}] }}, {{ on = \"landing\", \
             actions = [{{ action = \"undocumented\" }}] }}] }},"
        );
    }
    text.push_str("]\n\n");
}

fn sea(text: &mut String, c: &Country, zone: &str) {
    let _ = writeln!(
        text,
        "[ladders.{0}_sea]\ncountry = \"{0}\"\ndomain = \"sea\"\nsteering = \"endogenous\"\nrungs = [\n  {{ name = \
         \"bring_in\", patrol_hours_per_day = {{ {zone} = 200.0 }}, rules = [{{ on = \"interception\", actions = [{{ \
         action = \"hear\" }}] }}, {{ on = \"rescue\", actions = [{{ action = \"admit\" }}] }}] }},\n  {{ name = \
         \"hold\", patrol_hours_per_day = {{ {zone} = 400.0 }}, ramp_days = 30.0, rules = [{{ on = \"interception\", \
         actions = [{{ action = \"offer\", at = \"{0}_camp\", examined = true, parolable = true }}, {{ action = \
         \"return\" }}] }}, {{ on = \"rescue\", actions = [{{ action = \"hear\" }}] }}] }},\n]\n",
        c.name
    );
}

/// Write arrangements of many kinds.
pub fn write_arrangements(text: &mut String, world: &World) {
    let hosts = world.destinations();
    let rich: Vec<&Country> = hosts.iter().copied().take(MOST_OF_A_KIND).collect();
    if rich.len() > 2 {
        union(text, &rich);
    }
    let camps: Vec<&&Country> = hosts.iter().filter(|c| c.facility && c.zone.is_none()).collect();
    for (i, camp) in camps.iter().take(world.countries.len().div_ceil(24)).enumerate() {
        let to = rich[i % rich.len()];
        if to.name != camp.name {
            resettlement(text, camp, to);
        }
    }
    for origin in world.origins.iter().take(world.countries.len().div_ceil(24)) {
        by_origin(text, world, origin);
    }
}

fn list(names: &[&Country]) -> String {
    names.iter().map(|c| format!("\"{}\"", c.name)).collect::<Vec<_>>().join(", ")
}

/// What a union of States has: a rule of responsibility, a shared database, a fund, minimum standards, relocation.
fn union(text: &mut String, rich: &[&Country]) {
    let members = list(rich);
    let hosts: f64 = rich.iter().map(|c| c.hosts).sum();
    let _ = writeln!(
        text,
        "[[arrangements]]\nname = \"union_responsibility\"\nparties = [{members}]\nin_force = 2026-01-01\n\n\
         [arrangements.responsibility_rule]\nmembers = [{members}]\nrule = \"first_entry\"\nregime = \"2003\"\n\n\
         [[arrangements]]\nname = \"union_database\"\nparties = [{members}]\nin_force = 2026-01-01\n\n\
         [arrangements.shared_database]\nmembers = [{members}]\nmatching = 0.8\n\n[[arrangements]]\nname = \
         \"union_fund\"\nparties = [{members}]\nin_force = 2026-01-01\n\n[arrangements.fund]\nmembers = [{members}]\n\
         usd_per_year = {fund:.1}\nrule = \"capacity\"\n\n[[arrangements]]\nname = \"union_standards\"\nparties = \
         [{members}]\nsteering = \"endogenous\"\n\n[arrangements.minimum_standards]\nmembers = [{members}]\n\
         standard_of_proof_at_most = 1.0\naccess_at_least = 0.95\nreception_at_least = 0.5\n",
        fund = hosts * 100.0,
    );
}

/// From a camp to another country, with help to the country of the camp.
fn resettlement(text: &mut String, camp: &Country, to: &Country) {
    let places = (camp.hosts * 0.002).ceil().max(5.0);
    let _ = writeln!(
        text,
        "[[arrangements]]\nname = \"resettlement_from_{from}\"\nparties = [\"{from}\", \"{to}\"]\nin_force = \
         2026-01-01\n\n[arrangements.resettlement]\nfrom = [\"{from}_camp\"]\nstatuses = [\"awaiting_resettlement\", \
         \"stranded\"]\nprocessing_days = 60.0\nacceptance = 0.9\nvulnerable_first = true\noffers = [{{ to = \
         \"{to}_land\", places_per_year = {places:.1} }}]\n\n[arrangements.infrastructure]\nat = [\"{from}_land\"]\nby \
         = \"{to}\"\nusd_per_year = {usd:.1}\n\n[arrangements.capacity_building]\nat = [\"{from}\"]\nby = \
         \"{to}\"\ncaseworkers = 20.0\n",
        from = camp.name,
        to = to.name,
        usd = camp.hosts * 10.0,
    );
}

/// What concerns the people of one origin: temporary protection next door, an orderly channel, containment,
/// readmission.
fn by_origin(text: &mut String, world: &World, origin: &super::world::Origin) {
    let (Some(next), Some(far)) = (origin.to.first(), origin.to.last()) else { return };
    let home = &world.countries[origin.country].name;
    let (next, far) = (&world.countries[next.country].name, &world.countries[far.country].name);
    let people = f64::from(origin.abroad);
    let _ = writeln!(
        text,
        "[[arrangements]]\nname = \"shelter_{name}\"\nparties = [\"{next}\"]\nin_force = 2026-01-01\n\n\
         [arrangements.temporary_protection]\nby = \"{next}\"\npopulations = [\"{name}\"]\nends_above_pressure = \
         0.95\n\n[[arrangements]]\nname = \"orderly_{name}\"\nparties = [\"{home}\", \"{far}\"]\nsteering = \
         \"endogenous\"\n\n[arrangements.orderly_departure]\nroute = \"{name}_{far}_orderly\"\nplaces_per_year = \
         {places:.1}\n\n[arrangements.readmission]\nby = \"{home}\"\n",
        name = origin.name,
        places = (people * 0.005).ceil(),
    );
    if next != far {
        let _ = writeln!(
            text,
            "[[arrangements]]\nname = \"containment_{name}\"\nparties = [\"{far}\", \"{next}\"]\nin_force = \
             2026-01-01\n\n[arrangements.containment]\nby = \"{far}\"\nto = \"{next}\"\nusd_per_year = \
             {usd:.1}\nroutes = [\"{name}_{far}\"]\nshare = 0.3\n",
            name = origin.name,
            usd = people * 5.0,
        );
    }
}
