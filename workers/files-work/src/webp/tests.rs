//! An independent decoder sees what was meant.

use std::io::Cursor;

use super::{container, encode, frame, plane::Planes};

/// Repeatable noise.
fn noise(seed: &mut u64) -> u8 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 56) as u8
}

/// A picture with flat parts, slopes, edges and noise.
fn sample(width: usize, height: usize, mut seed: u64, rough: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let stripe = if (x / 7 + y / 11) % 5 == 0 { 200 } else { 0 };
            for channel in 0..3usize {
                let slope = (x * (channel + 1) * 255 / width.max(1) + y) as u8 / 2;
                let grain = noise(&mut seed) % rough.max(1);
                out.push(slope.saturating_add(stripe / 2).saturating_add(grain));
            }
        }
    }
    out
}

fn decode(file: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(file)).unwrap();
    let mut out = vec![0; decoder.output_buffer_size().unwrap()];
    decoder.read_image(&mut out).unwrap();
    let (width, height) = decoder.dimensions();
    (width, height, out)
}

/// Likeness in decibels.
fn likeness(a: &[u8], b: &[u8]) -> f64 {
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / (sum as f64).max(1.0)).log10()
}

#[test]
fn every_size_quality_and_roughness_is_decoded_to_what_was_sent() {
    for (width, height) in [(1, 1), (15, 17), (16, 16), (33, 47), (320, 241)] {
        for quality in (0..=100).step_by(20) {
            for rough in [1, 40, 255] {
                let rgb = sample(width, height, u64::from(quality) + 1, rough);
                let file = encode(&rgb, (width as u32, height as u32), quality, None).unwrap();
                let (w, h, decoded) = decode(&file);
                assert_eq!((w as usize, h as usize), (width, height));
                // Noise of all values in colours of half the size is the hardest there is.
                let likeness = likeness(&rgb, &decoded);
                let least = match (rough, quality) {
                    (255, _) => 9.0,
                    (_, 0..=20) => 15.0,
                    _ => 20.0,
                };
                assert!(likeness > least, "{width}x{height} q{quality} r{rough}: {likeness}");
            }
        }
    }
}

#[test]
fn without_its_filter_a_decoder_sees_exactly_what_the_encoder_saw() {
    // Every pixel must agree, or the next macroblock would be predicted from something else than
    // here; one wrong bit shows everywhere behind it.
    for seed in 0..101 {
        let (width, height) = (16 * (1 + seed as usize % 5), 16 * (1 + seed as usize % 3));
        let rgb = sample(width, height, seed + 7, 255 - seed as u8 * 2);
        let planes = Planes::from_rgb(&rgb, width, height);
        let (frame, seen) = frame::encode(&planes, seed as u8, false);
        let (_, _, decoded) = decode(&container(&frame, (width, height), None));
        for y in 0..height {
            for x in 0..width {
                let at = (y * width + x) * 3;
                let [r, g, b] = [0, 1, 2].map(|n| f64::from(decoded[at + n]));
                let shown = 16.0 + 0.256_94 * r + 0.504_44 * g + 0.097_96 * b;
                let meant = f64::from(seen.y.at(x, y));
                // Only where the colours were not cut off at black and white.
                let inside = [r, g, b].iter().all(|value| (1.0..255.0).contains(value));
                assert!(!inside || (shown - meant).abs() < 2.0, "{seed}: {x} {y} {shown} {meant}");
            }
        }
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused_and_colours_are_carried() {
    assert_eq!(encode(&[0; 3], (2, 1), 80, None), None);
    assert_eq!(encode(&[], (0, 0), 80, None), None);
    assert_eq!(encode(&[], (20_000, 1), 80, None), None);
    let profile = vec![7; 501];
    let file = encode(&[9; 300], (10, 10), 80, Some(&profile)).unwrap();
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(&file)).unwrap();
    assert_eq!(decoder.icc_profile().unwrap(), Some(profile));
}
