//! What every page begins and ends with.

use crate::escape::attribute;

/// A page's own style and script.
pub(crate) struct Frame {
    style: &'static str,
    script: &'static str,
    /// SHA-256 of the script, in base 64: by it the policy tells the script from any other.
    digest: &'static str,
}

/// The page of texts.
pub(crate) const TEXTS: Frame = Frame {
    style: include_str!("../assets/texts.css"),
    script: include_str!("../assets/texts.js"),
    digest: "QaoeeYSFsMbvYxY9JdzCsGvBY0tSJm6ndAXsaDnSVEU=",
};

/// The page of an evaluation.
pub(crate) const REPORT: Frame = Frame {
    style: include_str!("../assets/report.css"),
    script: include_str!("../assets/report.js"),
    digest: "ghU71YMfAKQeObeMrLQjRmKqdaQm3KvtlvCl/WqTsVI=",
};

const BASE: &str = include_str!("../assets/base.css");

impl Frame {
    /// Everything before the page's own content.
    pub(crate) fn head(&self, title: &str) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; \
             form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"dixit {}\">\n\
             <title>{}</title>\n<style>\n{BASE}{}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to the content</a>\n",
            self.digest,
            env!("CARGO_PKG_VERSION"),
            attribute(title),
            self.style,
        )
    }

    /// Everything after it.
    pub(crate) fn tail(&self) -> String {
        format!("<script>{}</script>\n</body>\n</html>\n", self.script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    fn base64(bytes: &[u8]) -> String {
        const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            for place in 0..4 {
                let sign = SIGNS[(bits >> (18 - 6 * place) & 63) as usize];
                out.push(if place > chunk.len() {
                    '='
                } else {
                    sign as char
                });
            }
        }
        out
    }

    #[test]
    fn the_policy_lets_the_pages_own_scripts_run() {
        assert_eq!(base64("Zoë".as_bytes()), "Wm/Dqw==");
        for frame in [TEXTS, REPORT] {
            assert_eq!(frame.digest, base64(&Sha256::digest(frame.script)));
            assert!(!frame.script.contains("</script"));
        }
    }
}
