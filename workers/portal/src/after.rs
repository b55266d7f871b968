//! Work after the answer and the sweep.

use app::{http::After, ports::Ports};
use domain::vacancy::sql::count_view;

use crate::{log, world::World};

/// Does what an answer left to do. A failure here is logged: the answer has gone out.
pub async fn work(world: &World, list: Vec<After>) {
    for after in list {
        let ports = world.ports();
        let done = match after {
            After::DrainOutbox => drain(&ports).await,
            After::CountView { vacancy, lang, source } => {
                let count = count_view(&vacancy, ports.now.day(), lang, source);
                ports.db.batch(vec![count]).await.map(drop).map_err(|e| format!("view: {e:?}"))
            }
        };
        if let Err(text) = done {
            log(&text);
        }
    }
}

/// The minute's sweep.
pub async fn sweep(world: &World) {
    for text in app::sweep::run(&world.ports()).await {
        log(&format!("sweep: {text}"));
    }
}

async fn drain(ports: &Ports<'_>) -> Result<(), String> {
    app::outbox::drain(ports).await.map(drop).map_err(|fault| format!("outbox: {}", fault.text()))
}
