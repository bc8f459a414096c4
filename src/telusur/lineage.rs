//! Which SQL models stand between a table and a mart.

use crate::warehouse::Models;
use std::collections::BTreeSet;

/// The models from `table` to `mart`, both included, in the order in which they run.
pub fn passed(models: &Models, table: &str, mart: &str) -> Vec<String> {
    let mut above = BTreeSet::from([mart.to_owned()]);
    for model in models.ordered.iter().rev() {
        if above.contains(&model.name) {
            above.extend(model.reads.iter().cloned());
        }
    }
    let mut below = BTreeSet::from([table.to_owned()]);
    for model in &models.ordered {
        if model.reads.iter().any(|read| below.contains(read)) {
            below.insert(model.name.clone());
        }
    }
    let between = models.ordered.iter().map(|model| &model.name);
    between
        .filter(|name| above.contains(*name) && below.contains(*name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Bundle;

    #[test]
    fn the_way_from_a_list_to_the_recipients() {
        let models = Models::load(&Bundle::load(None).unwrap()).unwrap();
        let way = passed(&models, "bantuan_sosial", "mart_1_kpm");
        assert_eq!(way.first().map(String::as_str), Some("bantuan_sosial"));
        assert_eq!(way.last().map(String::as_str), Some("mart_1_kpm"));
        assert!(way.contains(&"int_bansos_berlaku".to_owned()));
        assert!(!way.contains(&"dtks_rt".to_owned()));
    }
}
