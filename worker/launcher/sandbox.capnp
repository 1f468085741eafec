# The runtime of one tenant's own code: one Worker that can load isolates, and nothing else. No network is allowed to anybody here.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "cell", worker = .cell),
    (name = "internet", network = (allow = [])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "cell")],
);

const cell :Workerd.Worker = (
  modules = [(name = "sandbox-cell.mjs", esModule = embed "sandbox-cell.mjs")],
  compatibilityDate = "2026-10-15",
  bindings = [(name = "LOADER", workerLoader = ()), (name = "TOKEN", fromEnvironment = "TOCSIN_CELL_TOKEN")],
);
