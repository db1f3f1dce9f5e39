package dev.reelbeam.pipelines.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which pictures a video shows, in which shots, and whom to name for them. */
final class PictureCredits {
  private PictureCredits() {}

  static List<ReportPage.Credit> of(JsonNode storyboard) {
    Map<String, List<Integer>> shotsOf = new LinkedHashMap<>();
    Map<String, JsonNode> pictureOf = new LinkedHashMap<>();
    int number = 0;
    for (JsonNode shot : storyboard.path("shots")) {
      number++;
      JsonNode picture = shot.path("picture");
      if (picture.isObject() && shot.path("kind").asText("").equals("PICTURE")) {
        String url = picture.path("url").asText("");
        pictureOf.putIfAbsent(url, picture);
        shotsOf.computeIfAbsent(url, key -> new ArrayList<>()).add(number);
      }
    }
    List<ReportPage.Credit> credits = new ArrayList<>();
    pictureOf.forEach(
        (url, picture) ->
            credits.add(
                new ReportPage.Credit(
                    shortened(url),
                    picture.path("description").asText(""),
                    picture.path("facts").path("width").asText("")
                        + "×"
                        + picture.path("facts").path("height").asText(""),
                    credit(picture),
                    joined(shotsOf.getOrDefault(url, List.of())))));
    return credits;
  }

  private static String credit(JsonNode picture) {
    String credit = picture.path("credit").asText("");
    String licence = picture.path("license").asText("");
    return credit + (credit.isEmpty() || licence.isEmpty() ? "" : ", ") + licence;
  }

  /** Pictures that came inside the page have an address as long as themselves. */
  private static String shortened(String url) {
    return url.length() <= 120 ? url : url.substring(0, 100) + "…";
  }

  private static String joined(List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }
}
