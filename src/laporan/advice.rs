//! What a rule means in one line, and what the office should do about it: from the catalogue of rules.

use crate::temuan::rule;

/// What the office should do about findings of this rule.
pub fn what_to_do(id: &str) -> &'static str {
    rule(id).map_or("Cukup diketahui.", |rule| rule.tindakan)
}

/// What the rule means; `None` for a rule of the workspace's own.
pub fn meaning(id: &str) -> Option<&'static str> {
    rule(id).map(|rule| rule.pesan)
}
