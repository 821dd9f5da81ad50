package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.Workload;
import java.util.List;

/// Kills the processes of those who committed durably, and looks whether everything is there when
/// their stores are opened again.
///
/// A kill takes away what a process kept to itself, not what the operating system has yet to write:
/// it finds a commit that returned too early only where it never left the process.
final class Survival {
  private final Results results;
  private final Judge judge;

  Survival(Results results, Judge judge) {
    this.results = results;
    this.judge = judge;
  }

  /// Does it once for each; the time is that of opening in a new process, with what recovery takes.
  void run(List<Entrant> entrants) {
    for (Entrant entrant : entrants) {
      if (results.cell(Rows.of(Workload.COMMIT), entrant.name()).figures().isEmpty()) {
        continue;
      }
      try {
        Reply before = entrant.ask("count");
        entrant.kill();
        Reply opened = entrant.reopen();
        Reply after = entrant.ask("count");
        if (before instanceof Reply.Done had
            && opened instanceof Reply.Done done
            && after instanceof Reply.Done has) {
          Reply reply = new Reply.Done(has.answer(), done.measures(), done.texts());
          judge.keep(Rows.RECOVERY, entrant.name(), 0, had.answer(), reply);
        } else {
          results.failed(Rows.RECOVERY, entrant.name(), before + ", " + opened + ", " + after);
        }
      } catch (PeerFailure e) {
        results.failed(Rows.RECOVERY, entrant.name(), e.reason());
      }
    }
  }
}
