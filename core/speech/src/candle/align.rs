//! Times of tokens from where the decoder looked while it wrote them: dynamic time warping over
//! the attention of the heads that follow the sound. Source: OpenAI's `whisper/timing.py`.

use confee_models::ggml::WhisperShape;

/// Width of the median filter over time.
const MEDIAN: usize = 7;

const TINY_EN: &[(usize, usize)] =
    &[(1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)];
const TINY: &[(usize, usize)] = &[(2, 2), (3, 0), (3, 2), (3, 3), (3, 4), (3, 5)];
const BASE_EN: &[(usize, usize)] = &[(3, 3), (4, 7), (5, 1), (5, 5), (5, 7)];
const BASE: &[(usize, usize)] = &[(3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6)];
#[rustfmt::skip]
const SMALL_EN: &[(usize, usize)] = &[
    (6, 6), (7, 0), (7, 3), (7, 8), (8, 2), (8, 5), (8, 7), (9, 0), (9, 4), (9, 8), (9, 10),
    (10, 0), (10, 1), (10, 2), (10, 3), (10, 6), (10, 11), (11, 2), (11, 4),
];
#[rustfmt::skip]
const SMALL: &[(usize, usize)] = &[
    (5, 3), (5, 9), (8, 0), (8, 4), (8, 7), (8, 8), (9, 0), (9, 7), (9, 9), (10, 5),
];

/// Layer and head of those that follow the sound; of a network nobody listed, all of its last
/// layer.
pub(super) fn heads(shape: &WhisperShape) -> Vec<(usize, usize)> {
    let listed = match (shape.text_layers, shape.text_heads, shape.english_only()) {
        (4, 6, true) => TINY_EN,
        (4, 6, false) => TINY,
        (6, 8, true) => BASE_EN,
        (6, 8, false) => BASE,
        (12, 12, true) => SMALL_EN,
        (12, 12, false) => SMALL,
        (layers, heads, _) => return (0..heads).map(|head| (layers - 1, head)).collect(),
    };
    listed.to_vec()
}

/// Where each of the chosen rows begins, in positions, with where the last one ends at the end.
///
/// A row holds the weights of all heads over `positions`, head by head; only the first `used`
/// count.
pub(super) fn starts(
    rows: &[Vec<f32>],
    chosen: &[usize],
    positions: usize,
    used: usize,
) -> Vec<usize> {
    let used = used.min(positions);
    if used == 0 || chosen.is_empty() {
        return vec![0; chosen.len() + 1];
    }
    let mut weights = likeness(rows, positions, used);
    let chosen: Vec<Vec<f32>> =
        chosen.iter().filter_map(|row| weights.get_mut(*row).map(std::mem::take)).collect();
    let mut starts = warp(&chosen, used);
    starts.push(used);
    starts
}

/// Per row, how much more than other rows it looks at each position.
fn likeness(rows: &[Vec<f32>], positions: usize, used: usize) -> Vec<Vec<f32>> {
    let mut mean = vec![vec![0.0; used]; rows.len()];
    let heads = rows.first().map_or(0, |row| row.len() / positions);
    for head in 0..heads {
        let of = |row: &Vec<f32>| row[head * positions..head * positions + used].to_vec();
        let mut weights: Vec<Vec<f32>> = rows.iter().map(of).collect();
        standardize(&mut weights, used);
        for (row, mean) in weights.iter().zip(&mut mean) {
            add_medians(row, mean);
        }
    }
    mean
}

/// Each position to mean 0 and variance 1 over the rows.
fn standardize(rows: &mut [Vec<f32>], used: usize) {
    let count = rows.len() as f32;
    if rows.len() < 2 {
        return;
    }
    for position in 0..used {
        let mean = rows.iter().map(|row| row[position]).sum::<f32>() / count;
        let variance = rows.iter().map(|row| (row[position] - mean).powi(2)).sum::<f32>() / count;
        let scale = 1.0 / (variance + 1e-9).sqrt();
        for row in rows.iter_mut() {
            row[position] = (row[position] - mean) * scale;
        }
    }
}

/// Adds the median around each position; ends are mirrored.
fn add_medians(row: &[f32], out: &mut [f32]) {
    let last = row.len() as isize - 1;
    let at = |i: isize| {
        let mirrored = if i < 0 {
            -i
        } else if i > last {
            2 * last - i
        } else {
            i
        };
        row[mirrored.clamp(0, last) as usize]
    };
    for (i, out) in out.iter_mut().enumerate() {
        let half = (MEDIAN / 2) as isize;
        let mut around = [0.0; MEDIAN];
        for (value, offset) in around.iter_mut().zip(-half..) {
            *value = at(i as isize + offset);
        }
        around.sort_unstable_by(f32::total_cmp);
        *out += around[MEDIAN / 2];
    }
}

/// First position of each row on the way from the first row and position to the last ones that
/// collects most.
fn warp(rows: &[Vec<f32>], used: usize) -> Vec<usize> {
    #[derive(Clone, Copy)]
    enum From {
        Both,
        Row,
        Position,
    }
    let mut came = vec![From::Position; rows.len() * used];
    let mut before = vec![f32::INFINITY; used + 1];
    before[0] = 0.0;
    for (row, came) in rows.iter().zip(came.chunks_exact_mut(used)) {
        let mut now = vec![f32::INFINITY; used + 1];
        for (i, (weight, came)) in row.iter().zip(came).enumerate() {
            let (both, from_row, from_position) = (before[i], before[i + 1], now[i]);
            let (cost, from) = if both < from_row && both < from_position {
                (both, From::Both)
            } else if from_row < both && from_row < from_position {
                (from_row, From::Row)
            } else {
                (from_position, From::Position)
            };
            *came = from;
            now[i + 1] = cost - weight;
        }
        before = now;
    }
    let mut starts = vec![0; rows.len()];
    let (mut row, mut position) = (rows.len() - 1, used - 1);
    loop {
        starts[row] = position;
        let (rows_left, positions_left) = (row > 0, position > 0);
        match came[row * used + position] {
            From::Both if rows_left && positions_left => (row, position) = (row - 1, position - 1),
            From::Row if rows_left => row -= 1,
            _ if positions_left => position -= 1,
            _ if rows_left => row -= 1,
            _ => return starts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that look at one stretch of positions each.
    fn looks(stretches: &[(usize, usize)], positions: usize) -> Vec<Vec<f32>> {
        let row = |(from, to): &(usize, usize)| {
            (0..positions).map(|p| if (*from..*to).contains(&p) { 0.1 } else { 0.001 }).collect()
        };
        stretches.iter().map(row).collect()
    }

    #[test]
    fn finds_the_stretches() {
        let rows = looks(&[(0, 20), (20, 50), (50, 60), (60, 100)], 120);
        let starts = starts(&rows, &[0, 1, 2, 3], 120, 100);
        assert_eq!(starts.len(), 5);
        for (start, wanted) in starts.iter().zip([0, 20, 50, 60, 100]) {
            assert!(start.abs_diff(wanted) <= 2, "{starts:?}");
        }
    }

    #[test]
    fn any_size_works_and_is_in_order() {
        for (count, positions) in [(1, 1), (1, 50), (5, 3), (30, 7), (3, 400)] {
            let rows: Vec<Vec<f32>> = (0..count)
                .map(|r| (0..2 * positions).map(|p| ((r * 31 + p * 17) % 13) as f32).collect())
                .collect();
            let chosen: Vec<usize> = (0..count).collect();
            let starts = starts(&rows, &chosen, positions, positions);
            assert_eq!(starts.len(), count + 1);
            assert!(starts.is_sorted() && starts.iter().all(|s| *s <= positions));
        }
        assert_eq!(starts(&[], &[], 10, 10), [0]);
        assert_eq!(starts(&[vec![1.0; 4]], &[0], 4, 0), [0, 0]);
    }
}
