//! Work after the answer.

use app::http::After;
use domain::vacancy::sql::count_view;

use crate::{log, worker, world::World};

/// Does what an answer left to do. A failure here is logged: the answer has gone out.
pub async fn work(world: &World, list: Vec<After>) {
    for after in list {
        let done = match after {
            After::DrainOutbox => match worker(|worker| worker.drain) {
                Some(drain) => drain(world.clone()).await,
                None => Ok(()),
            },
            After::CountView { vacancy, lang, source } => {
                let ports = world.ports();
                let count = count_view(&vacancy, ports.now.day(), lang, source);
                ports.db.batch(vec![count]).await.map(drop).map_err(|e| format!("view: {e:?}"))
            }
        };
        if let Err(text) = done {
            log(&text);
        }
    }
}
