package dev.reelbeam.clients.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseOwnerTest {
  @Test
  void whoRunsHasNotEnded() {
    assertThat(LeaseOwner.next()).isNotEqualTo(LeaseOwner.next());
    assertThat(LeaseOwner.hasEnded(LeaseOwner.next())).isFalse();
    assumeProcessesAreKnown();
    assertThat(LeaseOwner.next()).contains("@");
  }

  /** Another system than Linux, an older kernel, processes that are hidden. */
  @Test
  void whereProcessesCannotBeToldApartNobodyIsCalledEnded() {
    String gone = "owner@place/2147483646/7";
    assertThat(LeaseOwner.hasEnded(gone, /* here= */ null)).isFalse();
    assertThat(LeaseOwner.hasEnded("owner", /* here= */ null)).isFalse();
    assertThat(LeaseOwner.hasEnded("owner@null/2147483646/7", /* here= */ null)).isFalse();
    assumeProcessesAreKnown();
    assertThat(LeaseOwner.hasEnded(gone, "place")).isTrue();
  }

  @Test
  void aProcessHasEndedWhenItIsKilledAndNotWhenItIsStopped() throws Exception {
    assumeProcessesAreKnown();
    Process process = new ProcessBuilder("sleep", "300").start();
    try {
      String owner = "owner" + LeaseOwner.suffix(process.pid()).orElseThrow();
      assertThat(LeaseOwner.hasEnded(owner)).isFalse();
      signal(process.pid(), "STOP");
      assertThat(LeaseOwner.hasEnded(owner)).isFalse();
      signal(process.pid(), "KILL");
      process.waitFor();
      assertThat(LeaseOwner.hasEnded(owner)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** A container whose first process asks after nobody keeps those that were killed for ever. */
  @Test
  void aProcessHasEndedThoughNobodyAskedAfterIt() throws Exception {
    assumeProcessesAreKnown();
    // The program that takes the shell's place does not know its child, and never asks after it.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 300 & exec sleep 300").start();
    try {
      ProcessHandle child = null;
      for (int i = 0; i < 6_000; i++) {
        child = parent.children().findFirst().orElse(null);
        if (child != null
            && command(parent.pid()).startsWith("sleep")
            && command(child.pid()).startsWith("sleep")) {
          break;
        }
        Thread.sleep(10);
      }
      assertThat(child).isNotNull();
      String owner = "owner" + LeaseOwner.suffix(child.pid()).orElseThrow();
      assertThat(LeaseOwner.hasEnded(owner)).isFalse();
      signal(child.pid(), "KILL");
      for (int i = 0; !LeaseOwner.hasEnded(owner) && i < 6_000; i++) {
        Thread.sleep(10);
      }
      assertThat(LeaseOwner.hasEnded(owner)).isTrue();
      assertThat(Path.of("/proc/" + child.pid())).exists();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aProcessWhoseIdAnotherOneHasByNowHasEnded() {
    assumeProcessesAreKnown();
    String own = LeaseOwner.next();
    assertThat(LeaseOwner.hasEnded(own + "1")).isTrue();
  }

  @Test
  void ofAnotherMachineOrAnOlderReleaseNothingIsKnown() {
    assumeProcessesAreKnown();
    String gone = LeaseOwner.next().replaceFirst("/[0-9]+/", "/2147483646/");
    assertThat(LeaseOwner.hasEnded(gone)).isTrue();
    assertThat(LeaseOwner.hasEnded(gone.replaceFirst("@.", "@x"))).isFalse();
    assertThat(LeaseOwner.hasEnded(gone.substring(0, gone.indexOf('@')))).isFalse();
    assertThat(LeaseOwner.hasEnded(gone + "/more")).isFalse();
    assertThat(LeaseOwner.hasEnded("")).isFalse();
  }

  /** The product does without, and waits until leases run out. */
  static void assumeProcessesAreKnown() {
    assumeTrue(
        LeaseOwner.suffix(ProcessHandle.current().pid()).isPresent(),
        "processes of this place cannot be told apart");
  }

  static void signal(long pid, String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  private static String command(long pid) throws Exception {
    return Files.readString(Path.of("/proc/" + pid + "/comm"));
  }
}
