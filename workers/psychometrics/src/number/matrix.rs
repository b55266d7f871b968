//! Symmetric matrices of the size of a test: an information matrix and its inverse.

/// A symmetric matrix, whole, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Symmetric {
    size: usize,
    values: Vec<f64>,
}

impl Symmetric {
    /// Zeros.
    pub fn zeros(size: usize) -> Symmetric {
        Symmetric { size, values: vec![0.0; size * size] }
    }

    /// Number of rows.
    pub fn size(&self) -> usize {
        self.size
    }

    /// A value.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        let (low, high) = (row.min(column), row.max(column));
        self.values[high * self.size + low]
    }

    /// Adds to a value (and to its mirror image).
    pub fn add(&mut self, row: usize, column: usize, value: f64) {
        let (low, high) = (row.min(column), row.max(column));
        self.values[high * self.size + low] += value;
    }

    /// The inverse by Cholesky's decomposition; none if the matrix is not positive definite.
    pub fn inverse(&self) -> Option<Symmetric> {
        let n = self.size;
        let mut l = self.values.clone();
        for j in 0..n {
            let mut pivot = l[j * n + j];
            for k in 0..j {
                pivot -= l[j * n + k] * l[j * n + k];
            }
            // Relative to what stood there: what is left of rounding is not information.
            if !(pivot.is_finite() && pivot > 1e-12 * self.values[j * n + j].abs()) {
                return None;
            }
            let root = pivot.sqrt();
            l[j * n + j] = root;
            for i in j + 1..n {
                let mut sum = l[i * n + j];
                for k in 0..j {
                    sum -= l[i * n + k] * l[j * n + k];
                }
                l[i * n + j] = sum / root;
            }
        }
        // The inverse of the lower triangle, column by column, then its square.
        let mut inv = vec![0.0; n * n];
        for j in 0..n {
            inv[j * n + j] = 1.0 / l[j * n + j];
            for i in j + 1..n {
                let mut sum = 0.0;
                for k in j..i {
                    sum -= l[i * n + k] * inv[k * n + j];
                }
                inv[i * n + j] = sum / l[i * n + i];
            }
        }
        let mut out = Symmetric::zeros(n);
        for i in 0..n {
            for j in 0..=i {
                let mut sum = 0.0;
                for k in i..n {
                    sum += inv[k * n + i] * inv[k * n + j];
                }
                out.values[i * n + j] = sum;
            }
        }
        out.values.iter().all(|v| v.is_finite()).then_some(out)
    }
}
