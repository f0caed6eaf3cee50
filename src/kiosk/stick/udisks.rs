//! The edge to udisks (org.freedesktop.UDisks2 on the system's bus), which mounts sticks for a program without rights of its
//! own: polkit says so to the kiosk's user (`packaging/polkit`).

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::PathBuf,
    time::Duration,
};

use futures::StreamExt;
use zbus::{
    Connection, OwnedObjectPath, Variant,
    fdo::{InterfacesAddedStream, InterfacesRemovedStream, ObjectManagerProxy},
    proxy,
};

const SERVICE: &str = "org.freedesktop.UDisks2";
const MANAGER: &str = "/org/freedesktop/UDisks2";
const FILESYSTEM: &str = "org.freedesktop.UDisks2.Filesystem";
/// How the kiosk mounts: nothing on a stick is written, run or a device.
const OPTIONS: &str = "ro,nosuid,nodev,noexec";
/// What people format sticks as. Drivers of other file systems are not let loose on a stranger's bytes.
const KINDS: [&str; 3] = ["vfat", "exfat", "ext4"];
/// How long udisks may take for one call.
const CALL: Duration = Duration::from_secs(30);

#[proxy(
    interface = "org.freedesktop.UDisks2.Block",
    default_service = "org.freedesktop.UDisks2"
)]
trait Block {
    #[zbus(property(emits_changed_signal = "false"))]
    fn id_usage(&self) -> zbus::Result<String>;
    #[zbus(property(emits_changed_signal = "false"))]
    fn id_type(&self) -> zbus::Result<String>;
    #[zbus(property(emits_changed_signal = "false"))]
    fn hint_auto(&self) -> zbus::Result<bool>;
    #[zbus(property(emits_changed_signal = "false"))]
    fn hint_system(&self) -> zbus::Result<bool>;
    #[zbus(property(emits_changed_signal = "false"))]
    fn hint_ignore(&self) -> zbus::Result<bool>;
}

#[proxy(
    interface = "org.freedesktop.UDisks2.Filesystem",
    default_service = "org.freedesktop.UDisks2"
)]
trait Filesystem {
    fn mount(&self, options: HashMap<&str, Variant<'_>>) -> zbus::Result<String>;
    fn unmount(&self, options: HashMap<&str, Variant<'_>>) -> zbus::Result<()>;
    #[zbus(property(emits_changed_signal = "false"))]
    fn mount_points(&self) -> zbus::Result<Vec<Vec<u8>>>;
}

/// Every stick that comes.
pub(super) struct Sticks {
    bus: Connection,
    added: InterfacesAddedStream,
    removed: InterfacesRemovedStream,
    waiting: VecDeque<OwnedObjectPath>,
    /// Those that were handed out and are still in.
    known: BTreeSet<String>,
}

impl Sticks {
    /// Those that are in, and those that come.
    pub(super) async fn connect() -> zbus::Result<Self> {
        let bus = Connection::system().await?;
        let manager = ObjectManagerProxy::builder(&bus)
            .destination(SERVICE)
            .path(MANAGER)
            .build()
            .await?;
        // Before it is asked what is there: nothing falls between.
        let added = manager.receive_interfaces_added().await?;
        let removed = manager.receive_interfaces_removed().await?;
        let there = manager.get_managed_objects().await?;
        let waiting = there
            .into_iter()
            .filter(|(_, interfaces)| interfaces.keys().any(|name| name.as_str() == FILESYSTEM))
            .map(|(path, _)| path)
            .collect();
        Ok(Self {
            bus,
            added,
            removed,
            waiting,
            known: BTreeSet::new(),
        })
    }

    /// The next stick.
    pub(super) async fn next(&mut self) -> zbus::Result<Stick> {
        loop {
            while let Some(path) = self.waiting.pop_front() {
                let name = path.to_string();
                if !self.known.contains(&name)
                    && let Some(stick) = Stick::at(&self.bus, path).await?
                {
                    self.known.insert(name);
                    return Ok(stick);
                }
            }
            tokio::select! {
                // First what is gone: pulled out and plugged in again while another one was read, it is a new one.
                biased;
                removed = self.removed.next() => {
                    let removed = removed.ok_or(zbus::Error::InterfaceNotFound)?;
                    let removed = removed.args()?;
                    if removed.interfaces.iter().any(|name| name.as_str() == FILESYSTEM) {
                        self.known.remove(removed.object_path.as_str());
                    }
                }
                added = self.added.next() => {
                    let added = added.ok_or(zbus::Error::InterfaceNotFound)?;
                    let added = added.args()?;
                    let mut names = added.interfaces_and_properties.keys();
                    if names.any(|name| name.as_str() == FILESYSTEM) {
                        self.waiting.push_back(added.object_path.to_owned().into());
                    }
                }
            }
        }
    }
}

/// A file system that somebody plugged in.
pub(super) struct Stick {
    filesystem: FilesystemProxy<'static>,
    kind: String,
}

impl Stick {
    /// `None` for the machine's own disks. udisks itself knows what is meant to be mounted when it comes.
    async fn at(bus: &Connection, path: OwnedObjectPath) -> zbus::Result<Option<Self>> {
        let block = BlockProxy::builder(bus).path(path.clone()).build().await?;
        let is_stick = async {
            Ok::<_, zbus::Error>(
                block.hint_auto().await?
                    && !block.hint_system().await?
                    && !block.hint_ignore().await?
                    && block.id_usage().await? == "filesystem",
            )
        };
        // Pulled out again already.
        let (Ok(true), Ok(kind)) = (is_stick.await, block.id_type().await) else {
            return Ok(None);
        };
        let filesystem = FilesystemProxy::builder(bus).path(path).build().await?;
        Ok(Some(Self { filesystem, kind }))
    }

    /// Mounts it for reading.
    pub(super) async fn mount(self) -> Result<Mounted, String> {
        if !KINDS.contains(&self.kind.as_str()) {
            let kinds = KINDS.join(", ");
            return Err(format!("a stick is {kinds}; this one is '{}'", self.kind));
        }
        let points = timely(self.filesystem.mount_points()).await?;
        if let Some(point) = points.into_iter().next() {
            // Whoever mounted it lets it go. The path ends with a zero.
            let point = point.into_iter().take_while(|byte| *byte != 0).collect();
            return Ok(Mounted {
                folder: OsString::from_vec(point).into(),
                filesystem: None,
            });
        }
        let mut options = quiet();
        options.insert("options", Variant::from(OPTIONS));
        let folder = timely(self.filesystem.mount(options)).await?;
        Ok(Mounted {
            folder: folder.into(),
            filesystem: Some(self.filesystem),
        })
    }
}

/// A stick that can be read.
pub(super) struct Mounted {
    pub(super) folder: PathBuf,
    filesystem: Option<FilesystemProxy<'static>>,
}

impl Mounted {
    /// Unmounts it, if this kiosk mounted it.
    pub(super) async fn release(self) -> Result<(), String> {
        match self.filesystem {
            Some(filesystem) => timely(filesystem.unmount(quiet())).await,
            None => Ok(()),
        }
    }
}

/// Nobody is there to type a password.
fn quiet() -> HashMap<&'static str, Variant<'static>> {
    [("auth.no_user_interaction", Variant::from(true))].into()
}

async fn timely<T>(call: impl Future<Output = zbus::Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(CALL, call).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("udisks does not answer".into()),
    }
}
