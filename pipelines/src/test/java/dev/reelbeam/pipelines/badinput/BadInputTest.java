package dev.reelbeam.pipelines.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.port.SpeechSynthesizer;
import dev.reelbeam.pipelines.Reelbeam;
import dev.reelbeam.pipelines.wiring.Installation;
import dev.reelbeam.pipelines.wiring.LocalProviders;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people really send, through the command line: each ends well or says what to do. */
@Timeout(600)
class BadInputTest {
  private static final String TEXT =
      "<h2>When</h2><p>Plants need water, light and a little patience. Most houseplants die from"
          + " too much water rather than too little. Push a finger into the soil before you reach"
          + " for the can.</p><h2>How</h2><p>Water slowly at the roots until a little runs out"
          + " below. Empty the saucer after ten minutes, because standing water rots the"
          + " roots.</p>";

  /** One store for all: what was spoken for one test is found by the next. */
  @TempDir private static Path shared;

  private static @Nullable SpeechSynthesizer voices;

  @TempDir private Path folder;

  private String out = "";
  private String err = "";

  @BeforeAll
  static void keepTheVoicesOpen() {
    // A speech process takes seconds to start; every run shares the one that is open.
    voices = LocalProviders.speech(Installation.voices().orElse(null)).open();
  }

  @AfterAll
  static void closeTheVoices() {
    if (voices != null) {
      voices.close();
    }
  }

  // ---------------------------------------------------------------- records

  @Test
  void whatIsEmptyOrHasNoTitleIsSetAsideAndTheRestGoesOn() throws IOException {
    write("empty.json", "{}");
    write("empty.md", "");
    write("empty.html", "<html></html>");
    write("untitled.json", "{\"record_id\":\"u1\",\"content_html\":\"<p>Text.</p>\"}");
    write("no-title.html", "<html><body>" + TEXT.replaceAll("</?h2>", "") + "</body></html>");
    write("good.html", page("Water", TEXT));
    assertThat(script()).isEqualTo(1);
    assertThat(letters()).containsExactly(1002, 1002, 1003, 1003, 1003);
    assertThat(out).contains("accepted 6 = completed 1 + dead 5").contains("has no title. Give");
    assertThat(video("good").resolve("script.json")).exists();
  }

  @Test
  void fiveMegabytesOfTagSoupStillTellTheirStory() throws IOException {
    StringBuilder soup = new StringBuilder(page("Soup", TEXT).replace("</article>", ""));
    while (soup.length() < 5_000_000) {
      soup.append("<div class=x><p>Foo <b>bar <i>baz</b> &bogus; <td><li><a href=\"x\">q</a");
    }
    write("soup.html", soup.toString());
    assertThat(script()).isZero();
    assertThat(Files.readString(video("soup").resolve("script.json")))
        .doesNotContain("<")
        .doesNotContain("bogus");
  }

  @Test
  void tenThousandNestedTagsAreRead() throws IOException {
    write("deep.html", page("Deep", "<div>".repeat(10_000) + TEXT));
    write("bold.json", record("bold", "Bold", "<b>".repeat(10_000) + TEXT, ""));
    write("lists.json", "[".repeat(10_000));
    assertThat(script()).isEqualTo(1);
    assertThat(out).contains("accepted 3 = completed 2 + dead 1");
    assertThat(letters()).containsExactly(1001);
  }

  @Test
  void picturesWithoutTextAreTooThin() throws IOException {
    Pictures.photo(folder.resolve("a.jpg"), 320, 240);
    write("article.html", page("Only pictures", "<img src='a.jpg'><img src='a.jpg'>"));
    assertThat(script()).isEqualTo(3);
    assertThat(letters()).containsExactly(1010);
    assertThat(out).contains("pictures but no text to speak. Add text to the source");
  }

  @Test
  void textWithoutPicturesIsAVideoOfCardsThatIsFoundAgainUnlessForced() throws IOException {
    write("cards.html", page("How to water a houseplant", TEXT));
    assertThat(make()).isZero();
    JsonNode storyboard = json(video("cards").resolve("storyboard.json"));
    assertThat(storyboard.path("shots")).isNotEmpty();
    assertThat(storyboard.path("shots"))
        .allSatisfy(shot -> assertThat(shot.path("kind").asText()).isNotEqualTo("PICTURE"));
    assertThat(json(video("cards").resolve("checks.json")).findValuesAsText("state"))
        .doesNotContain("FAILED");
    assertThat(names(video("cards"))).contains("video.mp4", "thumbnail.jpg", "captions.srt");
    assertThat(make()).isZero();
    assertThat(out).contains(" 0 rendered");
    assertThat(make("--force")).isZero();
    assertThat(out).contains(" 0 found");
    assertNoDrafts();
  }

  @Test
  void oneBadLineDoesNotKeepTheOthers() throws IOException {
    write(
        "mixed.jsonl",
        record("l1", "One", TEXT, "")
            + "\n{\"record_id\": bad\n\n"
            + record("shop/l2", "Two", TEXT, "")
            + "\n[1,2]\n"
            + record("l/../../3", "Three", TEXT, "")
            + "\n"
            + record("..", "Four", TEXT, ""));
    assertThat(script()).isEqualTo(1);
    assertThat(out)
        .contains("accepted 6 = completed 2 + dead 4")
        .contains("mixed.jsonl:2 is not JSON in line 2");
    assertThat(letters()).containsExactly(1001, 1001, 1001, 1001);
    assertThat(names(folder)).containsExactlyInAnyOrder("in", "out");
  }

  @Test
  void encodingsAndLineEndsOfOtherMachinesAreRead() throws IOException {
    String german = page("Größe zählt", "<p>Über größere Töpfe. " + text() + "</p>");
    String undeclared = german.replace("<meta charset=\"utf-8\">", "");
    write("declared.html", german.replace("utf-8", "iso-8859-1"), StandardCharsets.ISO_8859_1);
    write("undeclared.html", undeclared, Charset.forName("windows-1252"));
    write("misnamed.html", german.replace("utf-8", "-x:y"), StandardCharsets.UTF_8);
    write("marked.html", "\uFEFF" + undeclared, StandardCharsets.UTF_8);
    write("wide.html", "\uFEFF" + undeclared, StandardCharsets.UTF_16LE);
    write("bom.json", "\uFEFF" + record("bom-json", "Größe zählt", TEXT, ""));
    write("bom.jsonl", "\uFEFF" + record("bom-lines", "Größe zählt", TEXT, "") + "\r\n");
    write(
        "windows.md",
        "\uFEFF---\r\ntitle: Größe zählt\r\n---\r\n\r\n# Größe\r\n\r\n" + text() + "\r\n");
    assertThat(make("--stop-after", "visuals")).isZero();
    assertThat(out).contains("accepted 8 = completed 8 + dead 0");
    for (String id :
        List.of(
            "declared",
            "undeclared",
            "misnamed",
            "marked",
            "wide",
            "bom-json",
            "bom-lines",
            "windows")) {
      assertThat(title(id)).as(id).isEqualTo("Größe zählt");
    }
  }

  @Test
  void namesWithSpacesUmlautsAndQuotesAreFiles() throws IOException {
    Path odd = Files.createDirectories(input("übel \"names\" and's"));
    Pictures.photo(Files.createDirectory(odd.resolve("bil der")).resolve("ä 1.jpg"), 320, 240);
    Files.writeString(
        odd.resolve("ärti kel \"x\".html"),
        page("Names", TEXT + "<img src='bil%20der/%C3%A4%201.jpg' alt='A plant in a pot'>"));
    assertThat(make("--stop-after", "visuals")).isZero();
    assertThat(out).contains("completed 1").doesNotContain("left out");
  }

  @Test
  void longTitlesAndManyPicturesFit() throws IOException {
    StringBuilder images = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      Pictures.photo(input(i + ".jpg"), 160, 120, i);
      images.append("<img src='").append(i).append(".jpg' alt='Plant ").append(i).append("'>");
    }
    write("many.html", page("Forty pictures", TEXT + images));
    write("wordy.html", page("word ".repeat(300), TEXT));
    write("pairs.html", page("Water " + "🌱".repeat(400), TEXT));
    assertThat(make("--stop-after", "layout")).isZero();
    assertThat(out).contains("accepted 3 = completed 3 + dead 0");
    assertThat(title("pairs").codePoints()).noneMatch(cp -> cp >= 0xd800 && cp < 0xe000);
  }

  // ---------------------------------------------------------------- pictures

  @Test
  void everyBadPictureIsLeftOutWithItsNumberAndTheVideoIsMade() throws IOException {
    Path secret = folder.resolve("secret.jpg");
    Pictures.photo(secret, 320, 240);
    Pictures.photo(input("good.jpg"), 640, 480);
    Pictures.photo(input("cut.jpg"), 640, 480);
    byte[] whole = Files.readAllBytes(input("cut.jpg"));
    Files.write(input("cut.jpg"), Arrays.copyOf(whole, whole.length / 3));
    Files.createFile(input("zero.png"));
    Pictures.png(input("huge.png"), 20_000, 10_000, 20_000 / 8 * 10_000);
    Pictures.png(input("bomb.png"), Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000_000);
    Pictures.png(input("inflates.png"), 600, 400, 200_000_000);
    Files.createSymbolicLink(input("link.jpg"), secret);
    Files.createSymbolicLink(input("broken.jpg"), folder.resolve("nothing.jpg"));
    Files.createDirectory(input("folder.jpg"));
    StringBuilder images = new StringBuilder();
    for (String url :
        List.of(
            "good.jpg",
            "cut.jpg",
            "zero.png",
            "huge.png",
            "bomb.png",
            "inflates.png",
            "link.jpg",
            "broken.jpg",
            "folder.jpg",
            "../secret.jpg",
            "%2e%2e/secret.jpg",
            secret.toString(),
            secret.toUri().toString(),
            "https://example.com/a.jpg")) {
      images.append("<img src='").append(url).append("' alt='A watering can'>");
    }
    write("pictures.html", page("Pictures", TEXT + images));
    assertThat(make("--stop-after", "visuals")).isZero();
    assertThat(out)
        .contains("3001 PICTURE_UNDECODABLE: cut.jpg: the JPEG is cut short")
        .contains("3001 PICTURE_UNDECODABLE: zero.png: the file is empty")
        .contains("3002 PICTURE_TOO_LARGE: huge.png: 20000x10000 is 200 megapixels")
        .contains("3002 PICTURE_TOO_LARGE: bomb.png")
        .contains("1020 INPUT_UNREADABLE: 'broken.jpg' does not exist")
        .contains("1020 INPUT_UNREADABLE: 'folder.jpg' is not a file")
        .contains("1020 INPUT_UNREADABLE: 'https://example.com/a.jpg' is a web address");
    for (String url :
        List.of(
            "link.jpg",
            "../secret.jpg",
            "%2e%2e/secret.jpg",
            secret.toString(),
            secret.toUri().toString())) {
      assertThat(out).contains("1021 PATH_ESCAPES_ROOT: '" + url + "' leaves");
    }
  }

  // ---------------------------------------------------------------- places

  @Test
  void aFolderOrFileThatCannotBeReadIsALetterAndTheRestGoesOn() throws IOException {
    write("good.html", page("Water", TEXT));
    Files.createSymbolicLink(input("broken.html"), folder.resolve("nowhere.html"));
    Files.createDirectory(input("folder.html"));
    assertThat(script()).isEqualTo(1);
    assertThat(letters()).containsExactly(1020);
    assertThat(out).contains("completed 1").contains("broken.html is not a file. Check that");
    Path nowhere = folder.resolve("in/broken.html");
    assertThat(make(List.of(nowhere), "--stop-after", "script")).isEqualTo(2);
    assertThat(err).contains("does not exist");
  }

  @Test
  void aFolderWithoutRightsIsALetter() throws IOException {
    Path locked = Files.createDirectories(input("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    try {
      assumeTrue(!Files.isReadable(locked), "rights do not bind this user");
      assertThat(make(List.of(locked))).isEqualTo(3);
      assertThat(letters()).containsExactly(1020);
      assertThat(out).contains("locked may not be read");
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  // ---------------------------------------------------------------- requests

  @Test
  void unknownPresetsAndTypesOfARecordAreSetAside() throws IOException {
    write("p.json", record("p", "P", TEXT, "\"target_platforms\":[\"preview\",\"tocktick\"]"));
    write("t.json", record("t", "T", TEXT, "\"type\":\"huge\""));
    assertThat(make(List.of(folder.resolve("in")), "--stop-after", "script")).isEqualTo(1);
    assertThat(letters()).containsExactly(1001, 1012);
    assertThat(out).contains("completed 1").contains("'huge' is not teaser");
  }

  // ---------------------------------------------------------------- scripts and voices

  @Test
  void titlesInOtherScriptsKeepTheirLetters() throws IOException {
    List<String> titles =
        List.of(
            "Water your plants 🌱💧 the easy way 👩‍🌾",
            "نباتات: watering made simple",
            "צמחי בית: the 5 minute guide");
    for (int i = 0; i < titles.size(); i++) {
      write("title-" + i + ".html", page(titles.get(i), TEXT));
    }
    assertThat(make("--stop-after", "layout")).isZero();
    for (int i = 0; i < titles.size(); i++) {
      assertThat(title("title-" + i)).isEqualTo(titles.get(i));
    }
  }

  @Test
  void arabicIsSpokenAndCaptionedInItsOwnOrder() throws IOException {
    write(
        "arabic.html",
        page(
                "كيف تسقي نباتات المنزل",
                "<p>تحتاج النباتات المنزلية إلى الماء والضوء وقليل من الصبر. تموت معظم النباتات"
                    + " بسبب كثرة الماء لا قلته. ضع إصبعك في التربة قبل أن تسقيها. إذا التصقت"
                    + " التربة بإصبعك فانتظر يوما آخر.</p>")
            .replace("lang=\"en\"", "lang=\"ar\""));
    assertThat(make("--stop-after", "layout")).isZero();
    JsonNode words = json(video("arabic").resolve("words.json"));
    assertThat(words.toString()).contains("النباتات");
  }

  @Test
  void lettersThatNoFontHasAndLanguagesThatNoVoiceSpeaksAreSetAside() throws IOException {
    write("chinese.html", page("如何给植物浇水", TEXT));
    write("tibetan.html", page("Water", TEXT).replace("lang=\"en\"", "lang=\"bo\""));
    write("good.html", page("Water", TEXT));
    assertThat(make("--stop-after", "visuals")).isEqualTo(1);
    assertThat(letters()).containsExactly(2103, 3020);
    assertThat(out).contains("completed 1").contains("no voice speaks \"bo\"");
  }

  // ---------------------------------------------------------------- music

  @Test
  void musicOfARecordThatIsNoMusicIsToldWithItsNumber() throws IOException {
    write("song.mp3", "la la la");
    String music = "\"target_platforms\":[\"preview\"],\"settings\":{\"music_track\":\"%s\"}";
    write("m1.json", record("m1", "Watering", TEXT, String.format(music, "song.mp3")));
    write("m2.json", record("m2", "Watering", TEXT, String.format(music, "../secret.mp3")));
    assertThat(make()).isEqualTo(3);
    assertThat(letters()).containsExactly(1021, 3010);
    assertThat(names(folder.resolve("out/m1/preview"))).doesNotContain("video.mp4");
    assertNoDrafts();
  }

  // ---------------------------------------------------------------- runs

  @Test
  void twoRunsOnOneStoreBothComplete() throws IOException {
    write("twin.html", page("Two at once", TEXT));
    Path store = folder.resolve("store");
    List<CompletableFuture<Integer>> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      runs.add(
          CompletableFuture.supplyAsync(
              () ->
                  Reelbeam.commandLine(
                          new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()))
                      .execute(
                          "make",
                          folder.resolve("in").toString(),
                          "--presets=preview",
                          "--stop-after=layout",
                          "--out=" + folder.resolve("out"),
                          "--store=" + store)));
    }
    assertThat(runs.stream().map(CompletableFuture::join)).containsExactly(0, 0);
    assertThat(names(store.resolve("tmp"))).isEmpty();
    assertNoDrafts();
  }

  @Test
  void aRunThatIsStoppedLeavesNoDraftsAndTheNextGoesOn() throws Exception {
    write("stopped.html", page("Stopped in the middle", TEXT));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path own = Files.createDirectory(temporary.resolve("reelbeam-run-1"));
    Path store = folder.resolve("store");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + own));
    String root = System.getProperty("reelbeam.root");
    if (root != null) {
      command.add("-Dreelbeam.root=" + root);
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Reelbeam.class.getName(),
            "make",
            folder.resolve("in").toString(),
            "--presets=preview",
            "--out=" + folder.resolve("out"),
            "--store=" + store));
    Process run =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      // Past the speech and before the delivery.
      while (run.isAlive() && files(store.resolve("keys")).size() < 4) {
        boolean unused = run.waitFor(20, TimeUnit.MILLISECONDS);
      }
      run.destroy();
      assertThat(run.waitFor(240, TimeUnit.SECONDS)).isTrue();
    } finally {
      run.destroyForcibly();
    }
    assertThat(run.exitValue()).as(Files.readString(folder.resolve("log"))).isEqualTo(143);
    assertThat(Files.readString(folder.resolve("log")))
        .contains("stopped; run the same command again to go on");
    assertThat(names(temporary)).isEmpty();
    assertThat(files(folder.resolve("out"))).isEmpty();
    List<Path> kept = files(store.resolve("keys"));
    assertThat(kept).hasSizeGreaterThanOrEqualTo(4);
    assertThat(make("--store=" + store, "--stop-after=layout")).isZero();
    assertThat(out).contains("completed 1").doesNotContain("fit-narration 1");
    assertThat(files(store.resolve("keys"))).containsAll(kept);
    assertNoDrafts();
  }

  // ---------------------------------------------------------------- helpers

  private static String page(String title, String body) {
    return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
        + title
        + "</title></head><body><article><h1>"
        + title
        + "</h1>"
        + body
        + "</article></body></html>";
  }

  private static String text() {
    return TEXT.replaceAll("<h2>.*?</h2>|</?p>", " ").strip();
  }

  private static String record(String id, String title, String html, String project) {
    return "{\"record_id\":\""
        + id
        + "\",\"kind\":\"article\",\"title\":\""
        + title
        + "\",\"content_html\":\""
        + html
        + "\",\"project\":{"
        + project
        + "}}";
  }

  private Path input(String name) throws IOException {
    return Files.createDirectories(folder.resolve("in")).resolve(name);
  }

  private void write(String name, String text) throws IOException {
    write(name, text, StandardCharsets.UTF_8);
  }

  private void write(String name, String text, Charset charset) throws IOException {
    Files.write(input(name), text.getBytes(charset));
  }

  private int script() {
    return make("--stop-after", "script");
  }

  private int make(String... options) {
    List<String> all = new ArrayList<>(List.of("--presets", "preview"));
    all.addAll(List.of(options));
    return make(List.of(folder.resolve("in")), all.toArray(String[]::new));
  }

  private int make(List<Path> inputs, String... options) {
    List<String> words = new ArrayList<>(List.of("make"));
    inputs.forEach(input -> words.add(input.toString()));
    words.addAll(List.of(options));
    words.addAll(List.of("--out", folder.resolve("out").toString()));
    if (Stream.of(options).noneMatch(option -> option.startsWith("--store="))) {
      words.addAll(List.of("--store", shared.resolve("store").toString()));
    }
    StringWriter console = new StringWriter();
    StringWriter errors = new StringWriter();
    int code =
        Reelbeam.commandLine(new PrintWriter(console, true), new PrintWriter(errors, true))
            .execute(words.toArray(String[]::new));
    out = console.toString();
    err = errors.toString();
    // One line each, and no defect: neither a number of our own making nor a stack trace.
    assertThat(err + out).doesNotContain("\tat ").doesNotContainPattern("\\b9001\\b");
    return code;
  }

  private Path video(String recordId) {
    return folder.resolve("out").resolve(recordId).resolve("preview");
  }

  /** The title as the storyboard has it. */
  private String title(String recordId) throws IOException {
    JsonNode clips = json(video(recordId).resolve("storyboard.json")).path("clips");
    return clips.path(0).path("title").asText();
  }

  /** Codes of the dead letters, sorted; each has a remedy and what to replay. */
  private List<Integer> letters() throws IOException {
    List<Integer> codes = new ArrayList<>();
    for (Path file : files(folder.resolve("out/dead-letters"))) {
      JsonNode letter = json(file);
      assertThat(letter.path("remedy").asText()).as(letter.toString()).isNotBlank();
      codes.add(letter.path("number").asInt());
    }
    codes.sort(null);
    return codes;
  }

  private void assertNoDrafts() throws IOException {
    assertThat(files(folder.resolve("out")))
        .noneMatch(file -> file.toString().matches(".*(\\.part|\\.tmp|draft).*"));
    assertThat(files(shared.resolve("store/tmp"))).isEmpty();
  }

  private static JsonNode json(Path file) throws IOException {
    return RecordJson.readTree(Files.readString(file));
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      // A draft went away while the folder was read.
      return List.of();
    }
  }
}
