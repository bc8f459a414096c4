//! `bansos360 rollback`.

use super::Ended;
use super::args::Global;
use super::output::Output;
use super::release_args::RollbackArgs;
use crate::config::Config;
use crate::run::rollback as go_back;
use crate::workspace::Workspace;

/// Points `current` to an earlier release.
pub fn rollback(global: &Global, args: &RollbackArgs, output: Output) -> Ended {
    let workspace = Workspace::open(&global.root())?;
    let config = Config::load(workspace.root())?;
    let record = go_back(&workspace, &config, args.run.as_deref(), args.alasan.as_deref())?;
    if output.is_json() {
        output.json(&record);
        return Ok(record.kode_keluar);
    }
    if let Some(done) = &record.mundur {
        output.result(&format!(
            "Release {} is current; it was {}. Open {}\n",
            done.ke,
            done.dari,
            workspace.current().join("marts").display()
        ));
        if done.ke < done.dari {
            output.say("hint: a run with the same inputs leaves it so; `bansos360 run --full` publishes them again");
        }
    }
    Ok(record.kode_keluar)
}
