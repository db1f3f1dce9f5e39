package dev.reelbeam.pipelines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reelbeam.clients.config.KafkaSettings.Topic;
import dev.reelbeam.clients.config.S3Settings;
import dev.reelbeam.clients.ledger.PostgresBackfill;
import dev.reelbeam.clients.ledger.PostgresProjectLedger;
import dev.reelbeam.clients.store.S3Archive;
import dev.reelbeam.media.codec.Encoders;
import dev.reelbeam.model.content.ContentRecord;
import dev.reelbeam.model.content.ProjectRequest;
import dev.reelbeam.model.content.RawRecord;
import dev.reelbeam.model.content.RecordKey;
import dev.reelbeam.model.content.VideoSettings;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.ProjectLedger;
import dev.reelbeam.model.project.ProjectRow;
import dev.reelbeam.model.project.ProjectStatus;
import dev.reelbeam.model.video.Brand;
import dev.reelbeam.pipelines.wiring.WorldSettings;
import dev.reelbeam.stages.deliver.VideoObject;
import dev.reelbeam.stages.flow.RecordOverrides;
import dev.reelbeam.stages.plan.PlanVariants;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Sends an archive through the graph. */
@Command(
    name = "backfill",
    header = "Makes videos of a whole archive: on a cluster by the low lane, or on this machine.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footerHeading = "%n",
    footer = {
      "Examples:",
      "  reelbeam backfill --source archive/ --presets tiktok --limit 100",
      "  reelbeam backfill --source archive.jsonl --cluster --since 2026-01-01",
      "  reelbeam backfill --source archive.jsonl --cluster --budget 5000",
      "  reelbeam backfill --source s3://archive/2026/ --dry-run",
      "  reelbeam backfill --source jdbc:postgresql://db/cms --cluster \\",
      "      --query 'select * from posts'",
      "",
      "The same command goes on where it was stopped: what was sent, and what is finished, is not",
      "sent again. Live records overtake a backfill at the next free render slot.",
      "A source database's user and password: REELBEAM_SOURCE_USER, REELBEAM_SOURCE_PASSWORD.",
      "Exit codes: 0 everything was sent or made, 1 some were refused, 3 nothing, 74 a service is",
      "away."
    })
final class BackfillCommand extends Subcommand {
  @Option(
      names = "--source",
      required = true,
      paramLabel = "WHERE",
      description = "A folder, a .jsonl file, s3://BUCKET/PREFIX, or a JDBC address.")
  private String source = "";

  @Option(names = "--query", paramLabel = "SQL", description = "Of a JDBC address: its records.")
  private @Nullable String query;

  @Option(
      names = "--cluster",
      description = "Sends into the running job by the low lane, instead of working here.")
  private boolean cluster;

  @Option(
      names = "--since",
      paramLabel = "DATE",
      description = "Only records whose updated_at or published_at is not older.")
  private @Nullable LocalDate since;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many records.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description = "Only records with this field, for example site_id=acme. Repeatable.")
  private Map<String, String> where = Map.of();

  @Option(
      names = "--budget",
      paramLabel = "CREDITS",
      description = "Ends before the estimated cost goes over this.")
  private @Nullable Long budget;

  @Option(
      names = "--max-videos-per-day",
      paramLabel = "N",
      description = "With --cluster: ends when so many were sent today; go on tomorrow.")
  private @Nullable Integer perDay;

  @Option(
      names = "--presets",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Where the videos go, instead of what the records say.")
  private List<String> presets = List.of();

  @Option(
      names = "--quality",
      paramLabel = "NAME",
      description =
          "draft, standard or best, instead of what the records say (without either: standard, with"
              + " --cluster its render.quality).")
  private @Nullable String quality;

  @Option(
      names = "--new-revision",
      description =
          "With --cluster: sends what is known without one of --presets, or in another --quality,"
              + " as its next revision, instead of refusing it.")
  private boolean newRevision;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "Without --cluster: where videos are written (default: ./${DEFAULT-VALUE}).")
  private Path out = Path.of("out");

  @Option(
      names = "--media-base-url",
      paramLabel = "URL",
      description =
          "Without --cluster: where the folders of --out will be on the web, for"
              + " videoobject.jsonld.")
  private @Nullable String mediaBaseUrl;

  @Option(names = "--dry-run", description = "Counts and estimates, and sends nothing.")
  private boolean dryRun;

  @Mixin private WorldOptions world = new WorldOptions();

  private static final String BEFORE = "sent or finished before";

  /** So many records are made by one run here: it remembers each of its deliveries. */
  private static final int RECORDS_OF_A_RUN = 200;

  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final long beganNs = System.nanoTime();

  BackfillCommand() {}

  /** A record that is to be sent. */
  private record Chosen(ContentRecord record, int deliveries, int credits) {}

  @Override
  public Integer call() throws StageException {
    BackfillSource archive =
        new BackfillSource(
            source,
            query,
            address -> BackfillSource.Objects.of(S3Archive.open(bucketConnection(), address)),
            // What is sent lies in the cluster's bucket then; here it is made at the end.
            /* keepsFetched= */ !cluster);
    if (archive.isDatabase() == (query == null)) {
      throw new ParameterException(
          spec.commandLine(), "--query goes with a JDBC address, and a JDBC address with --query");
    }
    if (perDay != null && !cluster) {
      // What was made on other days is written down in the cluster's database alone.
      throw new ParameterException(
          spec.commandLine(),
          "--max-videos-per-day goes with --cluster; here --limit and --budget bound a run");
    }
    String base = mediaBaseUrl == null ? null : VideoObject.fault(mediaBaseUrl);
    if (base != null) {
      throw new ParameterException(spec.commandLine(), "--media-base-url " + base);
    }
    if (quality != null && !VideoSettings.QUALITIES.contains(quality)) {
      throw new ParameterException(
          spec.commandLine(), "--quality " + quality + " is not one of " + VideoSettings.QUALITIES);
    }
    return cluster ? toCluster(archive) : here(archive);
  }

  /** As the cluster's own bucket is reached; without a cluster, as the AWS SDK finds it. */
  private S3Settings bucketConnection() throws StageException {
    try {
      return world.settings().s3();
    } catch (StageException e) {
      if (e.code() != FailureCode.SETTINGS_MISSING) {
        throw e;
      }
      String region = System.getenv("AWS_REGION");
      return new S3Settings(
          null,
          region == null || region.isBlank() ? "us-east-1" : region,
          "",
          "",
          /* pathStyle= */ false,
          null,
          null,
          null,
          null,
          S3Settings.USUAL_CACHE_BYTES,
          /* tlsRoot= */ null);
    }
  }

  private int toCluster(BackfillSource archive) throws StageException {
    WorldSettings settings = world.settings();
    List<Object> asked = new ArrayList<>(List.of(source, query == null ? "" : query, presets));
    if (quality != null) {
      asked.add(quality);
    }
    String name = RecordJson.sha256(asked).substring(0, 16);
    int[] room = {limit};
    long[] credits = {0};
    try (Submission submission = Submission.open(settings, this::leaveOut);
        ProjectLedger ledger = PostgresProjectLedger.open(settings.postgres());
        PostgresBackfill sent =
            PostgresBackfill.open(settings.postgres(), name, withoutSecrets(source))) {
      long[] spent = {sent.credits()};
      long[] today = {sent.deliveriesToday()};
      try {
        archive.read(
            found -> {
              Chosen chosen = choose(found);
              if (chosen == null) {
                return;
              }
              RecordKey key = sentAs(ledger, sent, chosen, found.raw().position());
              if (key == null) {
                return;
              }
              if (room[0] <= 0) {
                end("the limit is reached");
              }
              if (budget != null && spent[0] + chosen.credits() > budget) {
                end("the budget of " + budget + " credits is reached");
              }
              if (perDay != null && today[0] + chosen.deliveries() > perDay) {
                end("today's " + perDay + " videos are sent; go on tomorrow with the same command");
              }
              if (!dryRun) {
                try {
                  RawRecord raw = inQuality(found.fetched(), quality);
                  if (key.revision() != chosen.record().key().revision()) {
                    raw = Submission.inRevision(raw, key.revision());
                  }
                  ProjectRow known = ledger.find(key.recordId()).orElse(null);
                  ContentRecord record = Submission.checked(raw);
                  if (known != null) {
                    submission.checkPictures(known.entry(), raw, record);
                  }
                  submission.send(Topic.CONTENT_LOW, raw, record, presets, "low");
                } catch (StageException e) {
                  refuse(found.raw().position(), e);
                  return;
                }
                // After the record is there: who is stopped between the two sends it again, and the
                // job knows it.
                submission.flush();
                sent.add(key, chosen.deliveries(), chosen.credits());
              }
              room[0]--;
              spent[0] += chosen.credits();
              credits[0] += chosen.credits();
              today[0] += chosen.deliveries();
              count(dryRun ? "to be sent" : "sent");
            },
            this::refuse);
      } finally {
        // Also of an archive that breaks off: what was sent is sent.
        report(credits[0]);
      }
      if (!dryRun) {
        Map<String, Long> states = sent.states();
        if (!states.isEmpty()) {
          console().println("deliveries of this backfill: " + states);
          PostgresBackfill.Booked booked = sent.booked();
          console()
              .printf(
                  Locale.ROOT,
                  "cost of this backfill: about %d credits estimated; %d credits and %.4f USD spent"
                      + " so far%n",
                  sent.credits(),
                  booked.credits(),
                  booked.microDollars() / 1e6);
          console().flush();
        }
      }
    }
    return exitCode();
  }

  /**
   * An address of a source, or what a driver says about one, without its secrets: notes and
   * messages are read by more people than those who may know them.
   */
  static String withoutSecrets(String source) {
    return source
        .replaceAll("(?i)((password|passwd|pwd|secret|token)[^=&;\\s]*=)[^&;\\s]*", "$1***")
        .replaceAll("(://[^:/@\\s]*:)[^@/\\s]*@", "$1***@");
  }

  private int here(BackfillSource archive) throws StageException {
    int[] begun = {0};
    long[] credits = {0};
    try (RecordSpool spool = RecordSpool.open()) {
      archive.read(
          found -> {
            Chosen record = choose(found);
            if (record == null) {
              return;
            }
            if (begun[0] >= limit) {
              end("the limit is reached");
            }
            if (budget != null && credits[0] + record.credits() > budget) {
              end("the budget of " + budget + " credits is reached");
            }
            credits[0] += record.credits();
            begun[0]++;
            if (!dryRun) {
              spool.add(found.fetched());
            }
            count(dryRun ? "to be made" : "begun");
          },
          this::refuse);
      report(credits[0]);
      if (spool.size() == 0) {
        return exitCode();
      }
      LocalRun run =
          new LocalRun(
              LocalRun.Settings.usual(out, mediaBaseUrl),
              spec.commandLine().getOut(),
              spec.commandLine().getErr());
      List<Integer> ends = new ArrayList<>();
      int[] made = {0};
      long[] spent = {0};
      spool.inParts(
          RECORDS_OF_A_RUN,
          part -> {
            if (part.size() < spool.size()) {
              console().println("from record " + (made[0] + 1) + " of " + spool.size() + ":");
              console().flush();
            }
            made[0] += part.size();
            ends.add(run.ofRecords(part, unused -> overrides()));
            spent[0] += run.creditsSpent();
          });
      console()
          .println(
              "cost of this backfill: about "
                  + credits[0]
                  + " credits estimated; "
                  + spent[0]
                  + " credits spent, what was found is free");
      console().flush();
      return exitCode(ends, counts.containsKey("refused"));
    }
  }

  /** How runs that belong together have ended, by the codes of each. */
  static int exitCode(List<Integer> ends, boolean refused) {
    int completed = ExitCode.COMPLETED.number();
    int nothing = ExitCode.NOTHING_COMPLETED.number();
    int defect = ExitCode.DEFECT.number();
    if (ends.contains(defect)) {
      return defect;
    }
    if (ends.stream().allMatch(end -> end == nothing)) {
      return nothing;
    }
    return refused || ends.stream().anyMatch(end -> end != completed)
        ? ExitCode.SOME_DEAD.number()
        : completed;
  }

  /** As `make` without options has them: what one of the two has rendered, the other finds. */
  private RecordOverrides overrides() throws StageException {
    return new RecordOverrides(
        null,
        presets,
        null,
        VideoSettings.DEFAULT.withQuality(quality),
        /* speedGiven= */ false,
        Brand.DEFAULT,
        /* assumeEnabled= */ true,
        Encoders.choose(List.of(Encoders.AUTO)),
        "standard");
  }

  /** A record that asks for a quality; with null as it is. */
  static RawRecord inQuality(RawRecord raw, @Nullable String quality) throws StageException {
    if (quality == null) {
      return raw;
    }
    try {
      ObjectNode json = (ObjectNode) RecordJson.readTree(raw.json());
      json.withObject("/project/settings").put("quality", quality);
      return new RawRecord(raw.position(), raw.baseUri(), json.toString());
    } catch (JsonProcessingException e) {
      throw new StageException(FailureCode.RECORD_INVALID, raw.position() + " is not JSON", e);
    }
  }

  /** The record, if it is wanted; what is refused is told. */
  private @Nullable Chosen choose(BackfillSource.Found found) {
    RawRecord raw = found.raw();
    try {
      JsonNode json = RecordJson.readTree(raw.json());
      if (!isWanted(json)) {
        count("left out");
        return null;
      }
      ContentRecord record = Submission.checked(raw);
      PlanVariants.Plan plan =
          PlanVariants.plan(
              presets.isEmpty() ? record.project().presets() : presets,
              record.project().type(),
              /* watermark= */ false,
              "libx264",
              "standard");
      int deliveries = plan.variants().stream().mapToInt(one -> one.presets().size()).sum();
      int cost =
          plan.variants().stream()
              .mapToInt(one -> CreditEstimate.of(one.targetMs(), one.presets().size()))
              .sum();
      return new Chosen(record, deliveries, cost);
    } catch (JsonProcessingException e) {
      refuse(
          raw.position(),
          new StageException(FailureCode.RECORD_INVALID, raw.position() + " is not JSON", e));
    } catch (StageException e) {
      refuse(raw.position(), e);
    }
    return null;
  }

  private boolean isWanted(JsonNode json) {
    for (Map.Entry<String, String> condition : where.entrySet()) {
      JsonNode value = json;
      for (String part : condition.getKey().split("\\.", -1)) {
        value = value.path(part);
      }
      if (!value.asText().equals(condition.getValue())) {
        return false;
      }
    }
    if (since == null) {
      return true;
    }
    String date = json.path("updated_at").asText(json.path("published_at").asText(""));
    // ISO dates sort as text.
    return date.length() >= 10 && date.substring(0, 10).compareTo(since.toString()) >= 0;
  }

  /** What a record needs, by what is known of its project. */
  enum Standing {
    /** It is to be sent: nothing is known of it, or it is not finished. */
    OPEN,
    /** It is finished with all that is asked for. */
    FINISHED,
    /** A newer revision of it is known. */
    SUPERSEDED,
    /** It is known without what is asked for: that would be other content in one revision. */
    OTHERWISE
  }

  /**
   * How a record of the archive stands.
   *
   * @param presets that are asked for instead of its own; empty: its own
   * @param quality that is asked for instead of its own; null: its own
   */
  static Standing standing(
      @Nullable ProjectRow known, RecordKey key, List<String> presets, @Nullable String quality) {
    if (known == null || known.entry().key().revision() < key.revision()) {
      return Standing.OPEN;
    }
    if (known.entry().key().revision() > key.revision()) {
      return Standing.SUPERSEDED;
    }
    ProjectRequest request = known.entry().request();
    if (!new HashSet<>(request.presets()).containsAll(presets)
        || (quality != null && !quality.equals(request.settings().quality()))) {
      return Standing.OTHERWISE;
    }
    return known.status() == ProjectStatus.COMPLETED || known.status() == ProjectStatus.PUBLISHED
        ? Standing.FINISHED
        : Standing.OPEN;
  }

  /** The revision that a record is to be sent as; null if it is not sent, which was told. */
  private @Nullable RecordKey sentAs(
      ProjectLedger ledger, PostgresBackfill sent, Chosen chosen, String position) {
    RecordKey key = chosen.record().key();
    ProjectRow known = ledger.find(key.recordId()).orElse(null);
    if (sent.has(key) || (known != null && sent.has(known.entry().key()))) {
      count(BEFORE);
      return null;
    }
    switch (standing(known, key, presets, quality)) {
      case OPEN:
        return key;
      case FINISHED:
        count(BEFORE);
        return null;
      case SUPERSEDED:
        count("known in a newer revision");
        return null;
      case OTHERWISE:
        break;
    }
    if (!newRevision) {
      refuse(
          position,
          new StageException(
              FailureCode.REVISION_CONFLICT,
              key
                  + " is known with other presets, or in another quality, than are asked for;"
                  + " --new-revision makes it the next"));
      return null;
    }
    RecordKey next = new RecordKey(key.recordId(), key.revision() + 1);
    if (sent.has(next)) {
      count(BEFORE);
      return null;
    }
    return next;
  }

  private void end(String reason) {
    console().println(reason);
    throw new BackfillSource.Enough();
  }

  private void refuse(String position, StageException failure) {
    count("refused");
    PrintWriter err = spec.commandLine().getErr();
    err.println("refused: " + position + ": " + Failures.of(failure).line());
    err.flush();
  }

  private void leaveOut(String position, StageException failure) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("left out: " + position + ": " + Failures.of(failure).line());
    err.flush();
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private void report(long credits) {
    StringBuilder line = new StringBuilder("records:");
    counts.forEach(
        (what, number) -> line.append(' ').append(number).append(' ').append(what).append(','));
    line.append(" about ").append(credits).append(" credits");
    line.append(
        String.format(Locale.ROOT, ", in %.1f s", (System.nanoTime() - beganNs) / 1_000_000_000.0));
    console().println(line);
    console().flush();
  }

  private PrintWriter console() {
    return spec.commandLine().getOut();
  }

  private int exitCode() {
    boolean refused = counts.containsKey("refused");
    if (refused && counts.size() == 1) {
      return ExitCode.NOTHING_COMPLETED.number();
    }
    return (refused ? ExitCode.SOME_DEAD : ExitCode.COMPLETED).number();
  }
}
