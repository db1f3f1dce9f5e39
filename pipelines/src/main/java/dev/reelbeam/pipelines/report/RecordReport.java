package dev.reelbeam.pipelines.report;

import dev.reelbeam.model.failure.DeadLetter;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import dev.reelbeam.model.json.RecordJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the contact sheet of a record: one page that shows its videos, frames, sound, captions,
 * script, checks, texts, cost, and what was set aside.
 *
 * <p>The page is complete in itself apart from the record's own files and small pictures in {@value
 * #PICTURES} beside it; it asks nothing of the network and can be opened from the disk.
 */
public final class RecordReport {
  /** The page, inside the record's folder. */
  public static final String FILE = "report.html";

  /** Folder of the page's pictures, inside the record's folder. */
  static final String PICTURES = "report";

  /** Raised when the code fills the template differently. */
  private static final int PAGE_VERSION = 2;

  private static final int HEAD_BYTES = 1 << 16;
  private static final Pattern INPUTS =
      Pattern.compile("<meta name=\"reelbeam-inputs\" content=\"([0-9a-f]{64})\">");
  private static final Pattern ASSETS =
      Pattern.compile("<meta name=\"reelbeam-pictures\" content=\"([^\"]*)\">");

  private RecordReport() {}

  /**
   * Writes {@code report.html} into a record's folder, or leaves it alone when nothing that it
   * shows has changed. The page appears under its name only when it is whole.
   *
   * <p>Costs about a CPU second for a video of 45 s the first time, and a few milliseconds when
   * nothing has changed. A part that cannot be read is left out of the page with a note.
   *
   * @param recordFolder holds one folder per delivery; made when missing, so that a record of which
   *     nothing was completed has a page too
   * @param deadLetters what was set aside of this record
   * @return the page
   * @throws StageException 5002 if the folder cannot be read or written
   */
  public static Path write(Path recordFolder, List<DeadLetter> deadLetters) throws StageException {
    return write(recordFolder, deadLetters, List.of());
  }

  /**
   * The same with what the videos were expected to cost.
   *
   * @throws StageException 5002 if the folder cannot be read or written
   */
  public static Path write(
      Path recordFolder, List<DeadLetter> deadLetters, List<Estimate> estimates)
      throws StageException {
    Path page = recordFolder.resolve(FILE);
    try {
      Files.createDirectories(recordFolder);
      List<Path> folders = deliveriesOf(recordFolder);
      String fingerprint = fingerprint(folders, deadLetters, estimates);
      if (isCurrent(page, fingerprint)) {
        return page;
      }
      List<DeliveryFolder> deliveries = new ArrayList<>();
      for (Path folder : folders) {
        deliveries.add(DeliveryFolder.read(folder));
      }
      ReportBuilder builder = new ReportBuilder(recordFolder, fingerprint, estimates);
      ReportPage content = builder.build(deliveries, deadLetters);
      WholeFile.write(page, ReportTemplate.render(content).getBytes(StandardCharsets.UTF_8));
      removeOthers(recordFolder.resolve(PICTURES), builder.pictures());
      return page;
    } catch (IOException | UncheckedIOException e) {
      throw new StageException(
          FailureCode.STORAGE_UNAVAILABLE, "cannot write " + page + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> deliveriesOf(Path recordFolder) throws IOException {
    try (Stream<Path> entries = Files.list(recordFolder)) {
      return entries.filter(DeliveryFolder::isDelivery).sorted().toList();
    }
  }

  /**
   * Of everything the page is made from. Files are taken by name, size and time of change: whoever
   * writes deliveries leaves equal files alone.
   */
  private static String fingerprint(
      List<Path> folders, List<DeadLetter> deadLetters, List<Estimate> estimates)
      throws IOException {
    List<String> inputs = new ArrayList<>();
    inputs.add(PAGE_VERSION + " " + ReportTemplate.version());
    for (Path folder : folders) {
      for (Path file : DeliveryFolder.filesOf(folder)) {
        inputs.add(
            folder.getFileName()
                + "/"
                + file.getFileName()
                + " "
                + Files.size(file)
                + " "
                + Files.getLastModifiedTime(file).toMillis());
      }
    }
    deadLetters.stream()
        .map(letter -> letter.id() + letter.number() + letter.message() + letter.remedy())
        .sorted()
        .forEach(inputs::add);
    for (Estimate estimate : estimates) {
      inputs.add(estimate.presets() + " " + new TreeMap<>(estimate.lines()));
    }
    return RecordJson.sha256(inputs);
  }

  private static boolean isCurrent(Path page, String fingerprint) throws IOException {
    if (!Files.isRegularFile(page)) {
      return false;
    }
    String head;
    try (var in = Files.newInputStream(page)) {
      head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
    }
    Matcher inputs = INPUTS.matcher(head);
    Matcher assets = ASSETS.matcher(head);
    if (!inputs.find() || !inputs.group(1).equals(fingerprint) || !assets.find()) {
      return false;
    }
    Path pictures = page.resolveSibling(PICTURES);
    return Arrays.stream(assets.group(1).split(" "))
        .filter(name -> !name.isEmpty())
        .allMatch(name -> Files.isRegularFile(pictures.resolve(name)));
  }

  /** Pictures of videos that are no longer there. */
  private static void removeOthers(Path pictures, Set<String> wanted) throws IOException {
    if (!Files.isDirectory(pictures)) {
      return;
    }
    List<Path> others;
    try (Stream<Path> files = Files.list(pictures)) {
      Set<String> kept = new HashSet<>(wanted);
      others =
          files
              .filter(Files::isRegularFile)
              .filter(file -> FrameStrip.isName(file.getFileName().toString()))
              .filter(file -> !kept.contains(file.getFileName().toString()))
              .toList();
    }
    for (Path other : others) {
      Files.deleteIfExists(other);
    }
  }
}
