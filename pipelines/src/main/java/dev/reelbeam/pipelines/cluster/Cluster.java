package dev.reelbeam.pipelines.cluster;

import dev.reelbeam.clients.provider.ProviderSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster on one machine: Kafka, Postgres, an S3 server, Flink with a TaskManager for each
 * pool, and the jobs.
 *
 * <p>Every operation may be repeated: what runs is left alone, what is missing is started, and a
 * job that is not there is started from its newest savepoint or checkpoint. All data lies in the
 * home.
 */
public final class Cluster {
  /** Where a cluster lies when nothing else is said. */
  public static final Path USUAL_HOME = Path.of(".reelbeam", "cluster");

  /**
   * In the home, where there are any: the providers that the jobs ask before the embedded ones, in
   * the form of {@code make --settings}. Keys named {@code env:NAME} are those of {@code up}'s
   * environment.
   */
  public static final String PROVIDERS = "providers.yaml";

  /** The job that makes videos. */
  public static final String JOB = "generate-videos";

  /** The job that renders, where rendering is a job of its own. */
  public static final String RENDER_JOB = "render-segments";

  /** The job that measures engagement. */
  public static final String MEASURE_JOB = "measure-engagement";

  private static final String PID = ".pid";
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration SAVEPOINT_PATIENCE = Duration.ofMinutes(5);
  private static final Duration TASKS_PATIENCE = Duration.ofMinutes(2);
  private static final int SAVEPOINT_ATTEMPTS = 3;
  private static final int SUBMIT_SECONDS = 180;
  private static final int LOG_LINES = 6;

  /** Its checkpoints are larger, and what waits for the next one is only read again. */
  private static final int MEASURE_CHECKPOINT_FACTOR = 6;

  private final ClusterSettings settings;
  private final Consumer<String> say;
  private final FlinkRest flink;
  private final Duration patience;

  /**
   * @param say hears what happens, a line at a time
   * @param patience how long a service may take to answer
   */
  public Cluster(ClusterSettings settings, Duration patience, Consumer<String> say) {
    this.settings = settings;
    this.say = say;
    this.patience = patience;
    this.flink = new FlinkRest(settings.port(ClusterPort.FLINK_WEB));
  }

  /**
   * What a service is doing.
   *
   * @param pid null when it does not run
   * @param memoryMb resident memory, 0 when it is not known
   * @param ready whether it answers
   */
  public record ServiceStatus(
      String name, String label, @Nullable Long pid, long memoryMb, boolean ready) {}

  /**
   * Starts what does not run and says when everything is ready.
   *
   * @param root the installation: the folder that holds {@code lib}
   * @param job whether the jobs are started too
   * @throws StageException with the numbers from 5030: what is wrong and what helps
   */
  public void up(Path root, boolean job) throws IOException, StageException {
    Files.createDirectories(settings.home().resolve("run"));
    try (FileChannel channel = lockFile();
        FileLock lock = lock(channel)) {
      checkProviders();
      boolean changed = settings.differFromFile();
      settings.write();
      Connections connections = Connections.of(settings);
      ClusterParts parts = ClusterParts.in(root);
      List<Service> services = new Services(settings, parts, connections).all();
      if (changed && flink.answers() && runs(JOB)) {
        say.accept("settings have changed: `upgrade` applies them to the jobs that run");
      }
      for (String name : withoutPool()) {
        say.accept(label(name) + " runs, though no setting names it: `upgrade` ends it");
      }
      start(services);
      prepareWorld(parts, connections);
      if (job) {
        startJobs(services, parts, connections, /* forgetState= */ false);
        startPoller(parts, connections);
        removeOldPoints();
      }
    }
  }

  /**
   * Stops the jobs with a savepoint each, then the services.
   *
   * @param now leaves the savepoints out: the newest checkpoints are gone on from
   * @return whether anything was running
   */
  public boolean down(boolean now) throws IOException, StageException {
    if (!Files.isDirectory(settings.home().resolve("run"))) {
      return false;
    }
    try (FileChannel channel = lockFile();
        FileLock lock = lock(channel)) {
      if (flink.answers()) {
        if (now) {
          rememberRuns();
        } else {
          stopJobs();
        }
      }
      boolean any = false;
      List<Named> all = new ArrayList<>(processes());
      Collections.reverse(all);
      for (Named service : all) {
        if (service.process().running().isPresent()) {
          say.accept("stopping " + service.name());
          any |= service.process().stop(Duration.ofSeconds(20));
        }
      }
      return any;
    }
  }

  /**
   * Starts the jobs of this installation from a savepoint of those that run; Flink's processes are
   * started anew, because the job is on their class path.
   *
   * <p>State of operators that this version no longer has is looked for before anything is stopped.
   *
   * @param forgetState gives such state up, and sends everything that is under way through again
   * @throws StageException {@code 5041 STATE_LEFT_BEHIND} where there is some and it is not to be
   *     given up; the jobs run on
   */
  public void upgrade(Path root, boolean forgetState) throws IOException, StageException {
    Files.createDirectories(settings.home().resolve("run"));
    try (FileChannel channel = lockFile();
        FileLock lock = lock(channel)) {
      if (!flink.answers()) {
        throw new StageException(
            FailureCode.CLUSTER_NOT_RUNNING, "no cluster runs in '" + settings.home() + "'");
      }
      checkProviders();
      settings.write();
      Connections connections = Connections.of(settings);
      ClusterParts parts = ClusterParts.in(root);
      for (String job : wantedJobs()) {
        if (runs(job)) {
          say.accept("looking whether " + job + " goes on from what runs");
          List<String> unused = submit(job, parts, connections, forgetState, /* checkOnly= */ true);
        }
      }
      stopJobs();
      List<Service> services = new Services(settings, parts, connections).all();
      List<Service> ofFlink = services.stream().filter(Services::isFlink).toList();
      List<Service> downwards = new ArrayList<>(ofFlink);
      Collections.reverse(downwards);
      for (Service service : downwards) {
        say.accept("stopping " + service.label());
        process(service.name()).stop(service.stopPatience());
      }
      for (String name : withoutPool()) {
        say.accept("stopping " + label(name));
        process(name).stop(Duration.ofSeconds(20));
      }
      start(services);
      prepareWorld(parts, connections);
      startJobs(services, parts, connections, forgetState);
      process(Services.POLLER).stop(Duration.ofSeconds(20));
      startPoller(parts, connections);
      removeOldPoints();
    }
  }

  /** Whoever wrote a wrong key hears of it before anything is started, or stopped. */
  private void checkProviders() throws StageException {
    Path providers = settings.home().resolve(PROVIDERS);
    if (Files.exists(providers)) {
      ProviderSettings unused = ProviderSettings.read(providers, System.getenv());
    }
  }

  private void startPoller(ClusterParts parts, Connections connections)
      throws IOException, StageException {
    Optional<Service> poller =
        new Services(settings, parts, connections)
            .poller(settings.home().resolve(PROVIDERS), System.getenv());
    if (poller.isPresent()) {
      start(List.of(poller.get()));
    }
  }

  /** What every service is doing. */
  public List<ServiceStatus> status() throws IOException {
    List<ServiceStatus> all = new ArrayList<>();
    for (Named service : processes()) {
      Optional<ProcessHandle> running = service.process().running();
      all.add(
          new ServiceStatus(
              service.name(),
              label(service.name()),
              running.map(ProcessHandle::pid).orElse(null),
              running.map(process -> ResidentMemory.ofTreeMb(process)).orElse(0L),
              running.isPresent() && answers(service.name())));
    }
    return all;
  }

  /** Lines about the jobs: name, state, tasks, checkpoints, the last failure. */
  public List<String> jobLines() {
    List<String> lines = new ArrayList<>();
    try {
      for (FlinkRest.Job job : flink.jobs()) {
        if (!job.isAlive()) {
          continue;
        }
        lines.add(
            "%s  %s, %s tasks run; checkpoints: %s"
                .formatted(
                    job.name(), job.state(), flink.tasks(job.id()), flink.checkpoints(job.id())));
        if (!job.state().equals("RUNNING")) {
          flink.lastFailure(job.id()).ifPresent(failure -> lines.add("  " + failure));
        }
      }
    } catch (IOException e) {
      lines.add("the JobManager does not answer");
    }
    return lines;
  }

  /** Addresses for people, as {@code what: where}. */
  public List<String> addresses() throws IOException, StageException {
    Connections connections = Connections.of(settings);
    return List.of(
        "Flink web UI    " + flink.url(),
        "Kafka           " + connections.kafka(),
        "Postgres        "
            + connections.postgresUrl()
            + " (user "
            + Connections.POSTGRES_USER
            + ")",
        "S3              " + connections.s3Endpoint() + "/" + Connections.BUCKET,
        "metrics         http://127.0.0.1:%d/metrics, and from %d on for the pools"
            .formatted(
                settings.port(ClusterPort.JOBMANAGER_METRICS),
                settings.port(ClusterPort.TASKMANAGER_METRICS)),
        "passwords       " + connections.file());
  }

  /**
   * Log files of a service, or of all of them; the older of one log before the newer.
   *
   * @param rolled whether those are wanted too that were put aside when they were full
   */
  public List<Path> logs(@Nullable String service, boolean rolled) throws IOException {
    Path folder = settings.home().resolve("logs");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> LogFile.of(file))
          .flatMap(Optional::stream)
          .filter(log -> rolled || log.age() == 0)
          .filter(
              log ->
                  service == null
                      || log.name().equals(service + ".log")
                      || log.name().equals(service + ".json.log"))
          .sorted(
              Comparator.comparing(LogFile::name)
                  .thenComparing(Comparator.comparingInt(LogFile::age).reversed()))
          .map(LogFile::file)
          .toList();
    }
  }

  private void start(List<Service> services) throws IOException, StageException {
    List<Service> started = new ArrayList<>();
    for (Service service : services) {
      if (process(service.name()).running().isPresent()) {
        say.accept(service.label() + " runs already");
      } else {
        for (Service.Port port : service.ports()) {
          int number = port.number();
          if (Probes.listens(number) || !Probes.isFree(number)) {
            throw new StageException(
                FailureCode.PORT_TAKEN,
                "port %d, where %s would listen (%s), belongs to another process"
                    .formatted(number, port.setting().owner(), port.setting().key()));
          }
        }
        started.add(service);
      }
    }
    for (Service service : started) {
      say.accept("starting " + service.label());
      service.prepare().run();
      process(service.name())
          .start(service.command().of(), service.environment(), service.workingFolder());
    }
    for (Service service : services) {
      await(service);
    }
  }

  private void await(Service service) throws StageException {
    ServiceProcess process = process(service.name());
    long untilNs = System.nanoTime() + patience.toNanos();
    while (!service.ready().answers()) {
      if (process.running().isEmpty()) {
        throw new StageException(
            FailureCode.SERVICE_ENDED,
            service.label()
                + " ended: "
                + String.join(" | ", process.lastLines(LOG_LINES))
                + "; log: "
                + process.log());
      }
      if (System.nanoTime() > untilNs) {
        throw new StageException(
            FailureCode.SERVICE_SLOW,
            "%s does not answer after %d s; log: %s"
                .formatted(service.label(), patience.toSeconds(), process.log()));
      }
      pause();
    }
  }

  /** Topics, tables and buckets: everything that a job expects to be there. */
  private void prepareWorld(ClusterParts parts, Connections connections)
      throws IOException, StageException {
    say.accept("topics, tables, bucket");
    List<String> unused =
        submitted(
            "prepare",
            parts.java(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "job",
                "dev.reelbeam.pipelines.job.PrepareCluster",
                List.of("--connections=" + connections.file())));
  }

  /** Starts the jobs that do not run, and sends through again what a job has given up. */
  private void startJobs(
      List<Service> services, ClusterParts parts, Connections connections, boolean forgetState)
      throws IOException, StageException {
    // Also of a job whose submission nobody saw the end of: its checkpoints are what it goes on
    // from.
    rememberRuns();
    ForgottenState forgotten = ForgottenState.in(settings.home());
    List<String> wanted = wantedJobs();
    if (!wanted.contains(MEASURE_JOB) && runs(MEASURE_JOB)) {
      say.accept("job " + MEASURE_JOB + " runs, though it is left off: `upgrade` ends it");
    }
    boolean gaveUp = forgotten.isOwed();
    if (forgetState) {
      forgotten.mayBegin();
    }
    for (String job : wanted) {
      if (runs(job)) {
        say.accept("job " + job + " runs already");
        continue;
      }
      List<String> told = submit(job, parts, connections, forgetState, /* checkOnly= */ false);
      gaveUp |= !job.equals(MEASURE_JOB) && told.stream().anyMatch(Cluster::tellsOfForgotten);
    }
    // Before the tasks are waited for, which may take longer than anybody's patience: the events
    // lie in Kafka until the job reads them.
    if (gaveUp) {
      UnderWay.stateIsGone(
          () -> UnderWay.sendThroughAgain(connections.file()),
          () -> UnderWay.giveUpEarlyDecisions(connections.file()),
          say);
    }
    forgotten.settled();
    Set<String> revived = new HashSet<>();
    for (String job : wanted) {
      awaitTasks(job, services, revived);
    }
  }

  /** What is not removed now the next `up` removes: all runs already. */
  private void removeOldPoints() {
    try {
      Set<String> alive =
          flink.jobs().stream()
              .filter(FlinkRest.Job::isAlive)
              .map(FlinkRest.Job::id)
              .collect(Collectors.toSet());
      for (String job : wantedJobs()) {
        RestorePoint.removeOld(settings.home().resolve("flink"), job, alive);
      }
    } catch (IOException e) {
      say.accept("old savepoints and checkpoints are not removed: " + e);
    }
  }

  private static boolean tellsOfForgotten(String line) {
    return line.startsWith("state is given up");
  }

  /** The jobs of these settings, in the order of their start. */
  private List<String> wantedJobs() {
    List<String> wanted = new ArrayList<>();
    if (settings.splitRender()) {
      wanted.add(RENDER_JOB);
    }
    wanted.add(JOB);
    if (settings.measureSlots() > 0) {
      wanted.add(MEASURE_JOB);
    }
    return wanted;
  }

  private boolean runs(String job) throws IOException {
    return flink.jobs().stream()
        .anyMatch(running -> running.isAlive() && running.name().equals(job));
  }

  /** Names of the jobs that should run and do not. */
  public List<String> missingJobs() {
    List<String> missing = wantedJobs();
    try {
      for (FlinkRest.Job job : flink.jobs()) {
        if (job.isAlive()) {
          missing.remove(job.name());
        }
      }
    } catch (IOException e) {
      return missing; // None runs that anybody knows of.
    }
    return missing;
  }

  /**
   * Submits a job, going on from the newest point, and returns what the client told.
   *
   * @param checkOnly asks whether it could, while the one before runs
   */
  private List<String> submit(
      String job,
      ClusterParts parts,
      Connections connections,
      boolean forgetState,
      boolean checkOnly)
      throws IOException, StageException {
    Path folder = settings.home().resolve("flink");
    if (checkOnly) {
      Optional<RestorePoint> copy =
          RestorePoint.newestToLookAt(folder, job, folder.resolve("looked-at").resolve(job));
      return copy.isEmpty()
          ? List.of()
          : submit(job, parts, connections, forgetState, /* checkOnly= */ true, copy);
    }
    Set<String> failed = new HashSet<>(failedRuns(job));
    return RestoreTries.newestFirst(
        RestorePoint.all(folder, job),
        point -> {
          say.accept(
              "job " + job + point.map(from -> ", going on from " + from.label()).orElse(""));
          return submit(job, parts, connections, forgetState, /* checkOnly= */ false, point);
        },
        () -> failedOverItsPoint(job, failed),
        say);
  }

  /** Of the runs that failed since; they are known from now on. */
  private boolean failedOverItsPoint(String job, Set<String> known) throws IOException {
    boolean ofThePoint = false;
    for (String run : failedRuns(job)) {
      ofThePoint |= known.add(run) && RestoreTries.isOfThePoint(flink.failures(run));
    }
    return ofThePoint;
  }

  private Set<String> failedRuns(String job) throws IOException {
    return flink.jobs().stream()
        .filter(run -> run.name().equals(job) && run.state().equals("FAILED"))
        .map(FlinkRest.Job::id)
        .collect(Collectors.toSet());
  }

  private List<String> submit(
      String job,
      ClusterParts parts,
      Connections connections,
      boolean forgetState,
      boolean checkOnly,
      Optional<RestorePoint> restored)
      throws IOException, StageException {
    Path folder = settings.home().resolve("flink");
    List<String> options = new ArrayList<>();
    options.add("-Xmx512m");
    options.add("-XX:+UseSerialGC");
    options.add("-XX:TieredStopAtLevel=1");
    options.add("-Djava.awt.headless=true");
    options.add("-Dreelbeam.home=" + parts.root());
    options.addAll(Services.opens());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--jobName=" + job,
                "--flinkMaster=127.0.0.1:" + settings.port(ClusterPort.FLINK_WEB),
                "--flinkConfDir=" + settings.home().resolve("conf").resolve("flink"),
                "--connections=" + connections.file(),
                "--operatorNames=" + folder.resolve("operators").resolve(job),
                "--allowNonRestoredState=" + forgetState,
                "--checkOnly=" + checkOnly));
    arguments.addAll(job.equals(MEASURE_JOB) ? measureArguments() : videoArguments(job));
    restored.ifPresent(
        point -> arguments.add("--savepointPath=" + Services.flinkPath(point.folder())));
    String main = job.equals(MEASURE_JOB) ? "MeasureEngagementJob" : "GenerateVideos";
    List<String> told =
        submitted(
            "submit", parts.java(options, "job", "dev.reelbeam.pipelines.job." + main, arguments));
    rememberRuns();
    return told;
  }

  private List<String> videoArguments(String job) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--pools=" + settings.poolsOption(job.equals(RENDER_JOB)),
                "--renderPool=" + settings.renderPool(),
                "--renderEncoder=" + settings.renderEncoder(),
                "--renderQuality=" + settings.renderQuality(),
                "--renderRoutes=" + settings.renderRoutes(),
                "--splitRender=" + settings.splitRender(),
                "--renderOnly=" + job.equals(RENDER_JOB),
                "--checkpointingInterval=" + settings.checkpointSeconds() * 1000L,
                "--callsInFlight=" + settings.limits().callsInFlight(),
                "--liveProjects=" + settings.limits().liveProjects(),
                "--lowProjects=" + settings.limits().lowProjects(),
                "--repeatsMinutes=" + settings.limits().repeatsMinutes(),
                "--home=" + settings.home(),
                "--copyVideos=true"));
    Path providers = settings.home().resolve(PROVIDERS);
    if (Files.exists(providers)) {
      arguments.add("--providers=" + providers);
    }
    return arguments;
  }

  private List<String> measureArguments() {
    return List.of(
        "--pools=" + settings.measurePoolsOption(),
        "--updateSeconds=" + settings.measureUpdateSeconds(),
        "--budgetMicros=" + settings.measureBudgetMicros(),
        "--checkpointingInterval="
            + settings.checkpointSeconds() * MEASURE_CHECKPOINT_FACTOR * 1000L);
  }

  private void awaitTasks(String job, List<Service> services, Set<String> revived)
      throws IOException, StageException {
    long untilNs = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < untilNs) {
      for (Service service : services) {
        // One that was about to end when it was looked at; a second end is a defect of its own.
        if (process(service.name()).running().isEmpty() && revived.add(service.name())) {
          start(List.of(service));
        }
      }
      if (allTasksRun(job)) {
        return;
      }
      pause();
    }
    String failure = "";
    for (FlinkRest.Job running : flink.jobs()) {
      if (running.name().equals(job)) {
        failure = running.state() + " " + flink.lastFailure(running.id()).orElse("");
      }
    }
    throw new StageException(
        FailureCode.SERVICE_SLOW,
        "the job %s does not run after %d s: %s; `reelbeam status` tells more"
            .formatted(job, patience.toSeconds(), failure));
  }

  /** Whether they do; one that does not answer in time, on a busy machine, does not do so yet. */
  private boolean allTasksRun(String job) throws IOException {
    try {
      for (FlinkRest.Job running : flink.jobs()) {
        if (running.name().equals(job) && running.isAlive() && flink.allTasksRun(running.id())) {
          return true;
        }
      }
    } catch (HttpTimeoutException e) {
      return false;
    }
    return false;
  }

  private void stopJobs() throws IOException, StageException {
    for (FlinkRest.Job job : flink.jobs()) {
      if (job.isAlive()) {
        say.accept("stopping job " + job.name() + " with a savepoint");
        Path folder = settings.home().resolve("flink").resolve("savepoints").resolve(job.name());
        RestorePoint.remember(settings.home().resolve("flink"), job.name(), job.id());
        String savepoint = stopWithSavepoint(job, Services.flinkPath(folder));
        say.accept("  " + savepoint.substring(savepoint.lastIndexOf('/') + 1));
      }
    }
  }

  /**
   * Stops a job when all its tasks run: one that was just started, or that goes on after a worker
   * was lost, cannot leave a savepoint yet.
   */
  private String stopWithSavepoint(FlinkRest.Job job, String folder)
      throws IOException, StageException {
    for (int attempt = 1; ; attempt++) {
      awaitTasks(job);
      FlinkRest.Stopped stopped = flink.stopWithSavepoint(job.id(), folder, SAVEPOINT_PATIENCE);
      if (stopped.savepoint() != null) {
        return stopped.savepoint();
      }
      String told = "the savepoint failed: " + stopped.failure();
      if (attempt == SAVEPOINT_ATTEMPTS) {
        throw new StageException(FailureCode.SAVEPOINT_FAILED, told);
      }
      say.accept("  " + told + ": once more");
    }
  }

  private void awaitTasks(FlinkRest.Job job) throws IOException, StageException {
    long untilNs = System.nanoTime() + TASKS_PATIENCE.toNanos();
    boolean told = false;
    while (!allTasksRun(job.name())) {
      if (!isAlive(job) || System.nanoTime() > untilNs) {
        throw new StageException(
            FailureCode.SAVEPOINT_FAILED,
            "%s: %s tasks run%s"
                .formatted(
                    job.name(),
                    flink.tasks(job.id()),
                    flink.lastFailure(job.id()).map(failure -> "; " + failure).orElse("")));
      }
      if (!told) {
        told = true;
        say.accept("  waiting for its tasks to run");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StageException(FailureCode.SAVEPOINT_FAILED, "interrupted", e);
      }
    }
  }

  private boolean isAlive(FlinkRest.Job job) throws IOException {
    try {
      return flink.jobs().stream().anyMatch(one -> one.id().equals(job.id()) && one.isAlive());
    } catch (HttpTimeoutException e) {
      return true; // As far as anybody knows.
    }
  }

  /** Whose checkpoints are whose: the JobManager forgets when it dies. */
  private void rememberRuns() throws IOException {
    for (FlinkRest.Job job : flink.jobs()) {
      RestorePoint.remember(settings.home().resolve("flink"), job.name(), job.id());
    }
  }

  /** Runs a client to its end; a failure is told with the last words of its log. */
  private List<String> submitted(String name, List<String> command)
      throws IOException, StageException {
    Path log = settings.home().resolve("logs").resolve(name + ".log");
    ServiceProcess process = new ServiceProcess(log, log);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(settings.home().toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    Process client = builder.start();
    try {
      client.getOutputStream().close();
      long seconds = Math.max(SUBMIT_SECONDS, patience.toSeconds());
      if (!client.waitFor(seconds, TimeUnit.SECONDS)) {
        client.destroyForcibly();
        throw new StageException(
            FailureCode.SERVICE_SLOW,
            "%s took longer than %d s; log: %s".formatted(name, seconds, log));
      }
    } catch (InterruptedException e) {
      client.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new StageException(FailureCode.SUBMIT_FAILED, "interrupted", e);
    }
    if (client.exitValue() != 0) {
      List<String> lines = process.lastLines(200);
      String told =
          lines.stream()
              .filter(line -> line.startsWith("reelbeam: "))
              .reduce((first, second) -> second)
              .map(line -> line.substring("reelbeam: ".length()))
              .orElseGet(() -> String.join(" | ", process.lastLines(LOG_LINES)));
      for (FailureCode own : List.of(FailureCode.STATE_LEFT_BEHIND, FailureCode.STATE_UNREADABLE)) {
        if (told.startsWith(own.label())) {
          throw new StageException(
              own, told.substring(own.label().length()).replace(own.remedy(), "").strip());
        }
      }
      throw new StageException(
          FailureCode.SUBMIT_FAILED, name + " failed: " + told + "; log: " + log);
    }
    List<String> told =
        process.lastLines(200).stream()
            .filter(line -> line.startsWith("reelbeam: "))
            .map(line -> line.substring("reelbeam: ".length()))
            .toList();
    told.forEach(line -> say.accept("  " + line));
    return told;
  }

  private record Named(String name, ServiceProcess process) {}

  /** TaskManagers that run, of pools that the settings have no longer. */
  private List<String> withoutPool() throws IOException {
    Set<String> named = new HashSet<>();
    settings.pools().forEach(pool -> named.add(Services.TASKMANAGER + pool.name()));
    try (Stream<Path> files = Files.list(settings.home().resolve("run"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> file.startsWith(Services.TASKMANAGER) && file.endsWith(PID))
          .map(file -> file.substring(0, file.length() - PID.length()))
          .filter(name -> !named.contains(name) && process(name).running().isPresent())
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of(); // Nothing was ever started here.
    }
  }

  private List<Named> processes() throws IOException {
    List<String> names = new ArrayList<>();
    names.add(Services.KAFKA);
    names.add(Services.POSTGRES);
    names.add(Services.S3);
    names.add(Services.JOBMANAGER);
    settings.pools().forEach(pool -> names.add(Services.TASKMANAGER + pool.name()));
    names.addAll(withoutPool());
    if (process(Services.POLLER).running().isPresent()) {
      names.add(Services.POLLER);
    }
    return names.stream().map(name -> new Named(name, process(name))).toList();
  }

  private boolean answers(String name) {
    return switch (name) {
      case Services.KAFKA -> Probes.listens(settings.port(ClusterPort.KAFKA));
      case Services.POSTGRES -> Probes.listens(settings.port(ClusterPort.POSTGRES));
      case Services.S3 -> Probes.listens(settings.port(ClusterPort.S3));
      case Services.JOBMANAGER -> flink.answers();
      case Services.POLLER -> true; // It listens nowhere.
      default -> flink.hasTaskManager(name.substring(Services.TASKMANAGER.length()));
    };
  }

  private static String label(String name) {
    return switch (name) {
      case Services.KAFKA -> "Kafka";
      case Services.POSTGRES -> "Postgres";
      case Services.S3 -> "S3 server";
      case Services.JOBMANAGER -> "Flink JobManager";
      case Services.POLLER -> "engagement poller";
      default -> "TaskManager, pool " + name.substring(Services.TASKMANAGER.length());
    };
  }

  private ServiceProcess process(String name) {
    return new ServiceProcess(
        settings.home().resolve("run").resolve(name + PID),
        settings.home().resolve("logs").resolve(name + ".log"));
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        settings.home().resolve("run").resolve("lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  private static FileLock lock(FileChannel channel) throws IOException, StageException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // Told below.
    }
    throw new StageException(
        FailureCode.SERVICE_SLOW, "another command is starting or stopping this cluster");
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
