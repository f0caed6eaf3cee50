//! The issuer's one thread: requests come in by a channel, and those that wait together are written by one transaction, so
//! that hundreds of renewals a second cost a few writes to the disk.

use std::{sync::Arc, thread};

use tokio::sync::{mpsc, oneshot};

use super::{Issuer, IssuerError};

/// Requests that wait at most; whoever comes then is told to come later.
const WAITING: usize = 1024;
/// Requests of one transaction at most.
const TOGETHER: usize = 64;

/// Does the request; without an issuer it was not begun.
type Job = Box<dyn FnOnce(Option<&mut Issuer>) -> Tell + Send>;
/// Tells the one who asked, once all is on the disk; `false` when it is not.
type Tell = Box<dyn FnOnce(bool) + Send>;

enum Request {
    /// Shares a transaction.
    Shared(Job),
    /// Has none, or its own.
    Alone(Job),
}

/// Where requests are handed in. Cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<mpsc::Sender<Request>>);

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Too many wait.
    #[error("too many requests wait")]
    Busy,
    /// The issuer said no.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// The issuer's thread is gone, or the disk took nothing.
    #[error("the issuer's database takes nothing at the moment")]
    Gone,
}

impl Desk {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut issuer: Issuer) -> std::io::Result<Self> {
        let (sender, mut requests) = mpsc::channel(WAITING);
        let _ = thread::Builder::new()
            .name("issuer".into())
            .spawn(move || {
                while let Some(first) = requests.blocking_recv() {
                    let mut next = Some(first);
                    while let Some(request) = next.take() {
                        match request {
                            Request::Alone(job) => job(Some(&mut issuer))(true),
                            Request::Shared(job) => {
                                next = together(&mut issuer, job, &mut requests)
                            }
                        }
                    }
                }
            })?;
        Ok(Self(Arc::new(sender)))
    }

    /// Does something in a transaction that is shared with others; the answer comes when it is on the disk.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Issuer) -> Result<T, IssuerError> + Send + 'static,
    ) -> Result<T, DeskError> {
        self.hand_in(Request::Shared, work).await
    }

    /// Does something that makes its own transactions, such as publishing.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Issuer) -> Result<T, IssuerError> + Send + 'static,
    ) -> Result<T, DeskError> {
        self.hand_in(Request::Alone, work).await
    }

    async fn hand_in<T: Send + 'static>(
        &self,
        how: impl FnOnce(Job) -> Request,
        work: impl FnOnce(&mut Issuer) -> Result<T, IssuerError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |issuer| {
            let result = issuer.map(work);
            Box::new(move |kept| {
                let result = match result {
                    Some(result) if kept => result.map_err(DeskError::Issuer),
                    _ => Err(DeskError::Gone),
                };
                // Whoever asked may be gone.
                let _ = answer.send(result);
            })
        });
        self.0.try_send(how(job)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => DeskError::Busy,
            mpsc::error::TrySendError::Closed(_) => DeskError::Gone,
        })?;
        answered.await.unwrap_or(Err(DeskError::Gone))
    }
}

/// One transaction for a request and those that wait behind it; gives the first that must be alone.
fn together(
    issuer: &mut Issuer,
    first: Job,
    requests: &mut mpsc::Receiver<Request>,
) -> Option<Request> {
    if let Err(error) = issuer.begin() {
        tracing::error!(%error, "no transaction could be begun");
        first(None)(false);
        return None;
    }
    let mut answers = vec![first(Some(&mut *issuer))];
    let mut after = None;
    while answers.len() < TOGETHER {
        match requests.try_recv() {
            Ok(Request::Shared(job)) => answers.push(job(Some(&mut *issuer))),
            Ok(alone) => {
                after = Some(alone);
                break;
            }
            Err(_) => break,
        }
    }
    let kept = issuer.commit();
    if let Err(error) = &kept {
        tracing::error!(%error, "requests could not be written");
    }
    for answer in answers {
        answer(kept.is_ok());
    }
    after
}
