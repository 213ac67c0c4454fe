//! Codes of virtual MFA: TOTP of RFC 6238 with SHA-1, steps of 30 seconds and 6 digits.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The length of a step, in seconds.
const STEP: u64 = 30;

/// The shortest secret, in bytes: RFC 4226 wants 128 bits.
const SECRET_MIN: usize = 16;

/// A device's secret.
pub struct Totp {
    secret: Zeroizing<Vec<u8>>,
}

impl Totp {
    /// Reads a secret in base32, as devices take it; spaces, padding and case do not count.
    pub fn read(text: &str) -> Option<Self> {
        let plain: Zeroizing<String> = Zeroizing::new(
            text.chars()
                .filter(|c| !c.is_ascii_whitespace())
                .map(|c| c.to_ascii_uppercase())
                .collect(),
        );
        let plain = plain.trim_end_matches('=').as_bytes();
        let secret = Zeroizing::new(BASE32_NOPAD.decode(plain).ok()?);
        (secret.len() >= SECRET_MIN).then_some(Self { secret })
    }

    /// The step whose code this is: the current one, the one before or the one after, since
    /// clocks differ. `now` is in seconds since 1970, UTC.
    pub fn step_of(&self, code: &str, now: u64) -> Option<u64> {
        let current = now / STEP;
        let steps = [
            current,
            current.saturating_sub(1),
            current.saturating_add(1),
        ];
        // All are looked at, so that the time taken tells nothing.
        let mut found = None;
        for step in steps {
            let expected = self.code(step)?;
            if bool::from(expected.as_bytes().ct_eq(code.as_bytes())) {
                found = found.or(Some(step));
            }
        }
        found
    }

    fn code(&self, step: u64) -> Option<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).ok()?;
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest.last()? & 0xF);
        let four: [u8; 4] = digest.get(offset..offset + 4)?.try_into().ok()?;
        let number = (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 1_000_000;
        Some(format!("{number:06}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Totp;

    /// "12345678901234567890", the secret of RFC 6238's table.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn the_table_of_rfc_6238() {
        let totp = Totp::read(SECRET).unwrap();
        // The table has eight digits; these are the last six.
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.step_of(code, time), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn a_code_counts_a_step_early_and_late_and_no_longer() {
        let totp = Totp::read(SECRET).unwrap();
        let step = 1_234_567_890 / 30;
        for (at, taken) in [
            (-2_i64, false),
            (-1, true),
            (0, true),
            (1, true),
            (2, false),
        ] {
            let time = (step as i64 + at) as u64 * 30 + 29;
            assert_eq!(totp.step_of("005924", time), taken.then_some(step), "{at}");
        }
        for other in ["", "5924", "0005924", "005925", "00592４"] {
            assert_eq!(totp.step_of(other, 1_234_567_890), None, "{other}");
        }
        // Steps before the first there is.
        assert_eq!(totp.step_of("000000", 0), None);
    }

    #[test]
    fn secrets_are_base32_of_128_bits_at_least() {
        for good in [
            SECRET,
            "gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY======",
        ] {
            assert!(Totp::read(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "GEZDGNBVGY3TQOJQ",
            "1",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1",
            "é",
        ] {
            assert!(Totp::read(bad).is_none(), "{bad}");
        }
    }
}
