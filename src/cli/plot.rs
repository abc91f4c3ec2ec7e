//! The picture of an ensemble beside the record: yearly medians, 90 % intervals, recorded figures, on a log scale.

use crate::experiment::score::Scored;
use crate::scenario::format::Use;
use plotters::prelude::*;

const WIDTH: u32 = 900;
const PANEL_HEIGHT: u32 = 300;

/// An SVG with a panel for each yearly series.
pub fn picture(scored: &[Scored]) -> Result<String, String> {
    let mut names: Vec<&str> = Vec::new();
    for s in scored.iter().filter(|s| year(s).is_some()) {
        if !names.contains(&s.target.name.as_str()) {
            names.push(&s.target.name);
        }
    }
    if names.is_empty() {
        return Err("no yearly series to draw".into());
    }
    let mut svg = String::new();
    {
        let root =
            SVGBackend::with_string(&mut svg, (WIDTH, PANEL_HEIGHT * names.len() as u32)).into_drawing_area();
        root.fill(&WHITE).map_err(|e| e.to_string())?;
        for (area, name) in root.split_evenly((names.len(), 1)).iter().zip(&names) {
            let series: Vec<&Scored> =
                scored.iter().filter(|s| s.target.name == *name && year(s).is_some()).collect();
            panel(area, name, &series).map_err(|e| e.to_string())?;
        }
        root.present().map_err(|e| e.to_string())?;
    }
    Ok(svg)
}

fn year(s: &Scored) -> Option<i32> {
    (s.target.period.len() == 4).then(|| s.target.period.parse().ok()).flatten()
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Failure<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

fn panel<'a>(area: &Area<'a>, name: &str, series: &[&Scored]) -> Result<(), Failure<'a>> {
    let years: Vec<i32> = series.iter().filter_map(|s| year(s)).collect();
    let (first, last) = (years.iter().min().copied().unwrap_or(0), years.iter().max().copied().unwrap_or(1));
    let most = series.iter().map(|s| s.interval().2.max(s.target.value)).fold(10.0, f64::max) * 1.5;
    let mut chart = ChartBuilder::on(area)
        .caption(format!("{name}: recorded (dots), simulated median and 90 % interval"), ("sans-serif", 16))
        .margin(10)
        .x_label_area_size(30)
        .y_label_area_size(70)
        .build_cartesian_2d(f64::from(first) - 0.5..f64::from(last) + 0.5, (50.0..most).log_scale())?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(years.len())
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| super::progress::thousands(*y as u64))
        .y_desc("persons a year")
        .draw()?;
    for s in series {
        let x = f64::from(year(s).unwrap_or(0));
        let (low, median, high) = s.interval();
        let band = BLUE.mix(if s.target.used_for == Use::Fit { 0.35 } else { 0.15 });
        let at = |y: f64| y.max(50.0);
        chart.draw_series([Rectangle::new([(x - 0.3, at(low)), (x + 0.3, at(high))], band.filled())])?;
        chart.draw_series([PathElement::new(
            [(x - 0.3, at(median)), (x + 0.3, at(median))],
            BLUE.stroke_width(2),
        )])?;
        chart.draw_series([Circle::new((x, at(s.target.value)), 4, BLACK.filled())])?;
    }
    Ok(())
}
