//! Whether there is a way out of this machine, from the kernel's routing tables (proc(5)): no daemon is needed for that.

use std::fs;

/// The default routes, a text each. Empty where there are none.
pub(super) fn ways() -> Vec<String> {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let mut ways = of_4(&read("/proc/net/route"));
    ways.extend(of_6(&read("/proc/net/ipv6_route")));
    ways
}

/// Interface and gateway of each route to everywhere: name, destination, gateway, flags, ...
fn of_4(table: &str) -> Vec<String> {
    let routes = table.lines().map(|line| line.split_whitespace().collect());
    routes
        .filter_map(|fields: Vec<&str>| match fields[..] {
            [name, "00000000", gateway, ..] => Some(format!("{name} {gateway}")),
            _ => None,
        })
        .collect()
}

/// Destination, its length, source, its length, next hop, four numbers, name. The route on `lo` refuses everything.
fn of_6(table: &str) -> Vec<String> {
    let routes = table.lines().map(|line| line.split_whitespace().collect());
    routes
        .filter_map(|fields: Vec<&str>| match fields[..] {
            [_, "00", _, _, hop, _, _, _, _, name] if name != "lo" => Some(format!("{name} {hop}")),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_to_everywhere_are_ways_out() {
        let table = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                     wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n\
                     wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n";
        assert_eq!(of_4(table), ["wlan0 0101A8C0"]);
        let zero = "0".repeat(32);
        let hop = "fe80000000000000021122fffe334455";
        let table = format!(
            "{zero} 00 {zero} 00 {hop} 00000400 00000001 00000000 00000003    wlan0\n\
             fe80{} 40 {zero} 00 {zero} 00000100 00000001 00000000 00000001    wlan0\n\
             {zero} 00 {zero} 00 {zero} ffffffff 00000001 00000000 00200200       lo\n",
            "0".repeat(28)
        );
        assert_eq!(of_6(&table), [format!("wlan0 {hop}")]);
        assert!(of_4("").is_empty() && of_6("nonsense\n").is_empty());
    }
}
