//! Distance. A circle becomes a few cells of a grid, which are tokens of the index; the rows of
//! the cells are then measured.

/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.195;
/// Cells a degree: a fine grid for short distances, whole degrees for long ones.
const FINE: f64 = 4.0;
/// The longest radius for which the fine grid is used, km.
const FINE_UP_TO: f64 = 60.0;

/// Radii that are offered, km.
pub const RADII: [u32; 5] = [10, 25, 50, 100, 200];
/// The radius where none is given, km.
pub const DEFAULT_KM: u32 = 50;
/// The longest radius, km.
pub const MAX_KM: u32 = 300;

/// A point, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

impl Point {
    /// Kilometres of a degree of longitude here.
    pub fn east(self) -> f64 {
        DEGREE * self.lat.to_radians().cos().max(0.01)
    }

    /// Kilometres of a degree of latitude.
    pub const fn north(self) -> f64 {
        DEGREE
    }

    /// Distance on a plane that touches here, km: within 1 % up to [`MAX_KM`] in this country.
    pub fn km(self, other: Point) -> f64 {
        let (x, y) = ((other.lon - self.lon) * self.east(), (other.lat - self.lat) * self.north());
        x.hypot(y)
    }
}

/// The tokens of a point's cells.
pub fn cells(point: Point) -> [String; 2] {
    [cell('n', point, FINE), cell('m', point, 1.0)]
}

/// The tokens of the cells that a circle touches: at most 200.
pub fn covering(center: Point, km: u32) -> Vec<String> {
    let km = f64::from(km.min(MAX_KM));
    let (letter, grid) = if km <= FINE_UP_TO { ('n', FINE) } else { ('m', 1.0) };
    let range = |value: f64, half: f64| {
        (((value - half) * grid).floor() as i32)..=(((value + half) * grid).floor() as i32)
    };
    let mut out = Vec::new();
    for row in range(center.lat, km / center.north()) {
        for column in range(center.lon, km / center.east()) {
            out.push(token(letter, row, column));
        }
    }
    out
}

fn cell(letter: char, point: Point, grid: f64) -> String {
    token(letter, (point.lat * grid).floor() as i32, (point.lon * grid).floor() as i32)
}

/// Rows and columns are shifted, so that no sign is needed.
fn token(letter: char, row: i32, column: i32) -> String {
    format!("f{letter}{}_{}", row + 1000, column + 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALMATY: Point = Point { lat: 43.24, lon: 76.91 };
    const ASTANA: Point = Point { lat: 51.13, lon: 71.43 };

    #[test]
    fn measures() {
        let taldykorgan = Point { lat: 45.02, lon: 78.38 };
        assert!((ALMATY.km(taldykorgan) - 231.0).abs() < 5.0, "{}", ALMATY.km(taldykorgan));
    }

    #[test]
    fn the_cells_cover_the_circle() {
        for center in [ALMATY, ASTANA] {
            for km in [1, 10, 50, 60, 61, 100, 300] {
                let cover = covering(center, km);
                assert!(cover.len() <= 200, "{km} km: {} cells", cover.len());
                for step in 0..360 {
                    let angle = f64::from(step).to_radians();
                    let point = Point {
                        lat: center.lat + angle.sin() * f64::from(km) / center.north(),
                        lon: center.lon + angle.cos() * f64::from(km) / center.east(),
                    };
                    assert!(cells(point).iter().any(|cell| cover.contains(cell)), "{km} {step}");
                }
            }
        }
    }
}
