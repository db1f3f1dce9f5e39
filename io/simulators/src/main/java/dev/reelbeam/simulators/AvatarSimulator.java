package dev.reelbeam.simulators;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A provider of presenters: audio is sent, a clip is ordered, looked at until it is there, and
 * fetched from an address that expires. {@link #next} is for orders, {@link #nextJobs} for what
 * becomes of them, {@link #nextFiles} for files.
 */
public final class AvatarSimulator extends SimulatedServer {
  private static final int FRAME_RATE = 25;
  private static final int MOST_AUDIO_BYTES = 6_000_000;
  private static final int MS_PER_CHARACTER = 60;

  /** Whose protocol is spoken. */
  public enum Dialect {
    D_ID,
    HEYGEN,
    SYNTHESIA
  }

  /** An order. */
  private record Clip(
      String id, String title, boolean upright, long ms, long orderedMs, @Nullable Fault fault) {}

  private final Dialect dialect;
  private final String key;
  private final Map<String, Long> audioMs = new ConcurrentHashMap<>();
  private final Map<String, Clip> clips = new LinkedHashMap<>();
  private final Set<String> gone = new HashSet<>();
  private final Deque<Fault> jobFaults = new ArrayDeque<>();
  private final Deque<Fault> fileFaults = new ArrayDeque<>();
  private final List<String> uploads = new ArrayList<>();
  private volatile long jobMs = 20;
  private volatile int freshLooks = Integer.MAX_VALUE;
  private int looks;
  private int behind;
  private int others;

  private AvatarSimulator(Dialect dialect, String key) {
    this.dialect = dialect;
    this.key = key;
  }

  /** Starts on a free port of this machine. */
  public static AvatarSimulator start(Dialect dialect, String key) throws IOException {
    AvatarSimulator simulator = new AvatarSimulator(dialect, key);
    simulator.begin();
    return simulator;
  }

  /** Base address. */
  public String baseUrl() {
    return address();
  }

  /** What becomes of the next orders, one after the other. */
  public synchronized void nextJobs(Fault... faultsInOrder) {
    jobFaults.addAll(List.of(faultsInOrder));
  }

  /** What becomes of the next files, one after the other. */
  public synchronized void nextFiles(Fault... faultsInOrder) {
    fileFaults.addAll(List.of(faultsInOrder));
  }

  /** How long a clip takes, one that was ordered before, too. */
  public void jobTime(long millis) {
    jobMs = millis;
  }

  /** Clips that were ordered, and paid for. */
  public synchronized int ordered() {
    return clips.size() - others;
  }

  /** Files of audio that were sent. */
  public synchronized int uploads() {
    return uploads.size();
  }

  @Override
  MockResponse answer(RecordedRequest request, int number) {
    HttpUrl url = request.getUrl();
    String path = url.encodedPath();
    if (path.startsWith("/files/")) {
      return file(path, url.queryParameter("signed"));
    }
    if (!keyed(request)) {
      return wrongKey();
    }
    boolean post = Objects.equals(request.getMethod(), "POST");
    return switch (dialect) {
      case D_ID -> did(request, path, post, number);
      case HEYGEN -> heyGen(request, path, post, number);
      case SYNTHESIA -> synthesia(request, path, post, number);
    };
  }

  private boolean keyed(RecordedRequest request) {
    return switch (dialect) {
      case D_ID -> ("Basic " + key).equals(request.getHeaders().get("Authorization"));
      case HEYGEN -> key.equals(request.getHeaders().get("X-Api-Key"));
      case SYNTHESIA -> key.equals(request.getHeaders().get("Authorization"));
    };
  }

  private MockResponse wrongKey() {
    return switch (dialect) {
      case D_ID -> error(401, "AuthorizationError", "user unauthenticated");
      case HEYGEN -> error(401, "unauthorized", "invalid API key");
      case SYNTHESIA -> error(403, "", "Forbidden");
    };
  }

  private MockResponse error(int status, String code, String message) {
    ObjectNode body = JSON.createObjectNode();
    switch (dialect) {
      case D_ID -> body.put("kind", code).put("description", message);
      case HEYGEN -> body.putObject("error").put("code", code).put("message", message);
      case SYNTHESIA -> body.put("error", message).put("context", code);
    }
    return json(status, body);
  }

  private @Nullable MockResponse refusal(Fault fault) {
    return switch (fault) {
      case RATE_LIMIT -> error(429, "rate_limit", "Too many requests");
      case RATE_LIMIT_WITH_RETRY_AFTER ->
          error(429, "rate_limit", "Too many requests")
              .newBuilder()
              .setHeader("Retry-After", "1")
              .build();
      case EMPTY_WALLET ->
          dialect == Dialect.D_ID
              ? error(402, "InsufficientCreditsError", "not enough credits")
              : error(402, "insufficient_credit", "Your balance is too low");
      case CONTENT_FILTER ->
          dialect == Dialect.D_ID
              ? error(451, "CelebrityRecognizedError", "a celebrity was recognized")
              : error(400, "moderation_rejected", "The script was declined");
      case SERVER_ERROR -> error(500, "internal", "Internal error");
      case OVERLOADED -> error(503, "unavailable", "Service unavailable");
      case WRONG_KEY -> wrongKey();
      case TRUNCATED_JSON ->
          new MockResponse.Builder()
              .setHeader("Content-Type", "application/json")
              .body("{\"id\":")
              .build();
      case CONNECTION_RESET -> null;
      default -> TransportFaults.of(fault);
    };
  }

  private MockResponse did(RecordedRequest request, String path, boolean post, int number) {
    if (path.equals("/credits")) {
      return json(200, JSON.createObjectNode().put("remaining", 120).put("total", 200));
    }
    if (path.equals("/audios") && post) {
      String id = uploaded(FormParts.of(request).get("audio"), number);
      return id.isEmpty()
          ? error(400, "ValidationError", "audio is missing or too large")
          : json(201, JSON.createObjectNode().put("id", id).put("url", "s3://audios/" + id));
    }
    if (path.equals("/talks") && post) {
      JsonNode body = body(request);
      JsonNode script = body.path("script");
      boolean audio = script.path("type").asText().equals("audio");
      String spoken = audio ? script.path("audio_url").asText() : script.path("input").asText();
      if (!body.path("source_url").asText().startsWith("https://") || spoken.isEmpty()) {
        return error(400, "ValidationError", "source_url or script is invalid");
      }
      return order(
          body.path("user_data").asText(),
          /* upright= */ true,
          audio ? spoken.replaceFirst("^s3://audios/", "") : "",
          spoken,
          number,
          id ->
              JSON.createObjectNode().put("id", id).put("object", "talk").put("status", "created"));
    }
    if (path.equals("/talks")) {
      ObjectNode answer = JSON.createObjectNode();
      answer.putArray("talks");
      page(request.getUrl(), "token", answer, "token")
          .forEach(clip -> answer.withArray("talks").add(talk(clip)));
      return json(200, answer);
    }
    Clip clip = clip(path.replaceFirst("^/talks/", ""));
    return clip == null ? error(404, "NotFoundError", "not found") : json(200, talk(clip));
  }

  private ObjectNode talk(Clip clip) {
    ObjectNode talk = JSON.createObjectNode().put("id", clip.id()).put("user_data", clip.title());
    String state = state(clip, "started", "done", "error", "rejected");
    talk.put("status", state);
    if (state.equals("done")) {
      talk.put("result_url", link(clip)).put("duration", clip.ms() / 1000.0);
    } else if (state.equals("error")) {
      talk.putObject("error").put("kind", "InternalServerError").put("description", "it failed");
    }
    return talk;
  }

  private MockResponse heyGen(RecordedRequest request, String path, boolean post, int number) {
    if (path.equals("/v3/assets") && post) {
      String id = uploaded(FormParts.of(request).get("file"), number);
      ObjectNode answer = JSON.createObjectNode();
      answer.putObject("data").put("asset_id", id).put("mime_type", "audio/wav");
      return id.isEmpty() ? error(400, "invalid_parameter", "file is required") : json(200, answer);
    }
    if (path.equals("/v3/videos") && post) {
      JsonNode body = body(request);
      String audio = body.path("audio_asset_id").asText("");
      String script = body.path("script").asText("");
      boolean voice = !body.path("voice_id").asText("").isEmpty();
      // One of the two, and a script needs a voice.
      if (body.path("avatar_id").asText("").isEmpty()
          || audio.isEmpty() == script.isEmpty()
          || (audio.isEmpty() && !voice)) {
        return error(400, "invalid_parameter", "avatar_id, and script with voice_id or audio");
      }
      return order(
          body.path("title").asText(),
          body.path("aspect_ratio").asText("16:9").equals("9:16"),
          audio,
          script,
          number,
          id -> {
            ObjectNode answer = JSON.createObjectNode();
            answer.putObject("data").put("video_id", id).put("status", "pending");
            return answer;
          });
    }
    if (path.equals("/v3/videos")) {
      // It takes a title, and goes on listing everything: that it would look is not published.
      ObjectNode answer = JSON.createObjectNode();
      answer.putArray("data");
      page(request.getUrl(), "token", answer, "next_token")
          .forEach(clip -> answer.withArray("data").add(video(clip)));
      return json(200, answer);
    }
    Clip clip = clip(path.replaceFirst("^/v3/videos/", ""));
    if (clip == null) {
      return error(404, "not_found", "no such video");
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.set("data", video(clip));
    return json(200, answer);
  }

  private ObjectNode video(Clip clip) {
    ObjectNode video = JSON.createObjectNode().put("id", clip.id()).put("title", clip.title());
    String state = state(clip, "processing", "completed", "failed", "moderated");
    video.put("status", state.equals("moderated") ? "failed" : state);
    if (state.equals("completed")) {
      video.put("video_url", link(clip)).put("duration", clip.ms() / 1000.0);
    } else if (!state.equals("processing")) {
      video.put("failure_code", state.equals("failed") ? "internal" : "moderation_failed");
      video.put("failure_message", "it failed");
    }
    return video;
  }

  private MockResponse synthesia(RecordedRequest request, String path, boolean post, int number) {
    if (path.startsWith("/v2/videos") && post) {
      JsonNode body = body(request);
      boolean template = path.endsWith("/fromTemplate");
      JsonNode input = body.path("input").path(0);
      String script =
          template
              ? body.path("templateData").path("script").asText("")
              : input.path("scriptText").asText("");
      boolean shown =
          template
              ? !body.path("templateId").asText("").isEmpty()
              : !input.path("avatar").asText("").isEmpty() && input.has("background");
      if (script.isEmpty() || !shown) {
        return error(400, "input", "Invalid input");
      }
      return order(
          body.path("title").asText(),
          body.path("aspectRatio").asText("16:9").equals("9:16"),
          "",
          script,
          number,
          id -> JSON.createObjectNode().put("id", id).put("status", "in_progress"));
    }
    if (path.equals("/v2/videos")) {
      ObjectNode answer = JSON.createObjectNode();
      answer.putArray("videos");
      page(request.getUrl(), "offset", answer, "nextOffset")
          .forEach(clip -> answer.withArray("videos").add(made(clip)));
      return json(200, answer);
    }
    Clip clip = clip(path.replaceFirst("^/v2/videos/", ""));
    return clip == null ? error(404, "", "Not found") : json(200, made(clip));
  }

  private ObjectNode made(Clip clip) {
    ObjectNode video = JSON.createObjectNode().put("id", clip.id()).put("title", clip.title());
    String state = state(clip, "in_progress", "complete", "error", "rejected");
    video.put("status", state);
    if (state.equals("complete")) {
      video.put("download", link(clip)).put("duration", "0:00:0" + clip.ms() / 1000);
    }
    return video;
  }

  private String uploaded(@Nullable ByteString audio, int number) {
    if (audio == null || audio.size() < 44 || audio.size() > MOST_AUDIO_BYTES) {
      return "";
    }
    String id = "audio-" + number;
    // Bytes in a second, as the head of the file says.
    Buffer head = new Buffer().write(audio);
    try {
      head.skip(28);
      audioMs.put(id, (audio.size() - 44) * 1000L / Math.max(1, head.readIntLe()));
    } catch (IOException e) {
      return "";
    }
    synchronized (this) {
      uploads.add(id);
    }
    return id;
  }

  /** Answers an order that was taken. */
  private interface Taken {
    ObjectNode answer(String id);
  }

  private MockResponse order(
      String title, boolean upright, String audio, String script, int number, Taken taken) {
    Fault fault = poll();
    MockResponse refused = fault == null ? null : refusal(fault);
    if (refused != null) {
      return refused;
    }
    Long heard = audioMs.get(audio);
    if (!audio.isEmpty() && heard == null) {
      return error(400, "ValidationError", "there is no such audio");
    }
    long ms = heard == null ? Math.max(1_000, (long) script.length() * MS_PER_CHARACTER) : heard;
    String id = "clip-" + number;
    synchronized (this) {
      Fault job = jobFaults.poll();
      clips.put(id, new Clip(id, title, upright, ms, System.currentTimeMillis(), job));
    }
    // What was taken is taken, although nobody hears of it.
    return fault == Fault.CONNECTION_RESET
        ? Objects.requireNonNull(TransportFaults.of(fault))
        : json(201, taken.answer(id));
  }

  private synchronized @Nullable Clip clip(String id) {
    return gone.contains(id) ? null : clips.get(id);
  }

  /** Lists what was ordered only after so many more looks at the list. */
  public synchronized void listBehind(int looksAtTheList) {
    behind = looksAtTheList;
  }

  /** Clips of others in the same account, newer than what was ordered so far. */
  public synchronized void ordersOfOthers(int count) {
    for (int i = 0; i < count; i++) {
      String id = "other-" + others++;
      clips.put(id, new Clip(id, "of somebody else", true, 1_000, 0, null));
    }
  }

  /** A page of the clips, the newest first; names the next one, where there is one. */
  private synchronized List<Clip> page(
      HttpUrl url, String from, ObjectNode answer, String nextField) {
    if (behind > 0) {
      behind--;
      return List.of();
    }
    List<Clip> newest =
        new ArrayList<>(clips.values().stream().filter(clip -> !gone.contains(clip.id())).toList());
    Collections.reverse(newest);
    String asked = url.queryParameter("limit");
    String first = url.queryParameter(from);
    int limit = Math.min(100, asked == null ? 20 : Integer.parseInt(asked));
    int begin = Math.min(newest.size(), first == null ? 0 : Integer.parseInt(first));
    int end = Math.min(newest.size(), begin + limit);
    if (end < newest.size()) {
      answer.put(nextField, String.valueOf(end));
    }
    return newest.subList(begin, end);
  }

  /** Deletes all clips, as somebody tidies an account up. */
  public synchronized void forget() {
    gone.addAll(clips.keySet());
  }

  private String state(Clip clip, String working, String done, String failed, String rejected) {
    if (clip.fault() == Fault.JOB_HANGS || System.currentTimeMillis() < clip.orderedMs() + jobMs) {
      return working;
    }
    if (clip.fault() == Fault.JOB_FAILS) {
      return failed;
    }
    return clip.fault() == Fault.REFUSAL ? rejected : done;
  }

  /** Signed anew with every look. */
  private synchronized String link(Clip clip) {
    return address() + "/files/" + clip.id() + ".mp4?signed=" + ++looks;
  }

  /** From now on, an address is good for as many looks after the one that gave it. */
  public void addressesExpireAfter(int moreLooks) {
    freshLooks = moreLooks;
  }

  private MockResponse file(String path, @Nullable String signed) {
    Fault fault;
    boolean expired;
    synchronized (this) {
      fault = fileFaults.poll();
      expired = signed == null || looks - Integer.parseInt(signed) > freshLooks;
    }
    Clip clip = clip(path.replaceFirst("^/files/", "").replaceFirst("\\.mp4$", ""));
    if (fault == Fault.REDIRECT_TO_PRIVATE_ADDRESS) {
      return new MockResponse.Builder()
          .code(302)
          .setHeader("Location", "http://169.254.169.254/latest/meta-data/")
          .build();
    }
    MockResponse early = fault == null ? null : TransportFaults.of(fault);
    if (early != null) {
      return early;
    }
    if (clip == null || expired || fault == Fault.WRONG_KEY) {
      return new MockResponse.Builder().code(403).body("Request has expired").build();
    }
    int frames = (int) (clip.ms() * FRAME_RATE / 1000);
    byte[] bytes =
        SimulatedClips.presenter(
            clip.title(),
            clip.upright() ? 720 : 1_280,
            clip.upright() ? 1_280 : 720,
            Math.max(FRAME_RATE / 2, frames),
            FRAME_RATE,
            clip.fault());
    return new MockResponse.Builder()
        .setHeader("Content-Type", "video/mp4")
        .body(new Buffer().write(bytes))
        .build();
  }
}
