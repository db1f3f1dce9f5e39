package dev.reelbeam.pipelines;

import dev.reelbeam.model.video.Preset;
import dev.reelbeam.model.video.Presets;
import dev.reelbeam.model.video.VideoType;
import dev.reelbeam.pipelines.watch.Amounts;
import dev.reelbeam.pipelines.watch.TextTable;
import dev.reelbeam.pipelines.watch.TextTable.Column;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** Lists the presets. */
@Command(
    name = "presets",
    header = "Lists the presets: size, length and limits of each target.",
    abbreviateSynopsis = true,
    footerHeading = "%n",
    footer = {"Example:", "  reelbeam make article.html --presets youtube_short,tiktok"})
final class PresetsCommand extends Subcommand {
  PresetsCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    TextTable table =
        new TextTable(
            Column.left("PRESET"),
            Column.left("PLATFORM"),
            Column.left("PICTURE"),
            Column.right("FPS"),
            Column.right("LENGTH"),
            Column.right("LARGEST FILE"),
            Column.left("CAPTIONS"),
            Column.left("WATERMARK"),
            Column.left("FOR"));
    for (Preset preset : Presets.all()) {
      table.row(
          preset.id(),
          preset.platform().id(),
          preset.width() + "x" + preset.height(),
          String.valueOf(preset.frameRate()),
          Amounts.clock(preset.range().minMs()) + "-" + Amounts.clock(preset.range().maxMs()),
          Amounts.bytes(preset.maxBytes()),
          preset.captionsBurnedIn() ? "in the picture" : "as a file",
          preset.watermarkAllowed() ? "allowed" : "never",
          preset.description());
    }
    out.print(table);
    out.println();
    out.println("Without --presets: " + String.join(", ", Presets.defaults()) + ".");
    StringBuilder types = new StringBuilder("Types narrow the length:");
    for (VideoType type : VideoType.values()) {
      types
          .append(' ')
          .append(type.id())
          .append(' ')
          .append(Amounts.clock(type.range().minMs()))
          .append('-')
          .append(Amounts.clock(type.range().maxMs()))
          .append(type == VideoType.LONG ? "." : ",");
    }
    out.println(types);
    out.flush();
    return ExitCode.COMPLETED.number();
  }
}
