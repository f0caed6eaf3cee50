//! The writer thread: the one connection that writes, one job after the other.

use std::{
    panic::AssertUnwindSafe,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

use super::StoreError;

/// Jobs that wait at most; beyond that the store is not keeping up and says so.
const QUEUE: usize = 256;
/// How long a caller waits for a job that has no patience of its own.
const PATIENCE: Duration = Duration::from_secs(30);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle to the thread. Dropping it finishes the jobs that are queued.
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || work(connection, &queue))
            .map_err(|error| StoreError::Database(error.to_string()))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Queues a job that nobody waits for.
    pub(super) fn later(
        &self,
        job: impl FnOnce(&mut Connection) + Send + 'static,
    ) -> Result<(), StoreError> {
        let Some(jobs) = &self.jobs else {
            return Err(StoreError::Late(0));
        };
        jobs.try_send(Box::new(job)).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Database("the writer does not keep up".into()),
            TrySendError::Disconnected(_) => StoreError::Database("the writer is gone".into()),
        })
    }

    /// Runs a job and waits for its answer.
    pub(super) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = sync_channel(1);
        self.later(move |db| {
            let _ = reply.send(job(db));
        })?;
        let late = u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX);
        answer
            .recv_timeout(PATIENCE)
            .unwrap_or(Err(StoreError::Late(late)))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        // Whoever asked is told by the end of its channel; the thread goes on. A transaction that was begun is rolled
        // back when it is dropped.
        let job = AssertUnwindSafe(|| job(&mut connection));
        if std::panic::catch_unwind(job).is_err() {
            tracing::error!("a job of the log writer failed");
        }
    }
}
