import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Java2DFrameConverter;

/** The way of most tutorials: Java2D draws every frame as RGB, FFmpegFrameRecorder takes it. */
public final class Naive {
  public static void main(String[] args) throws Exception {
    List<String> shots = Files.readAllLines(Path.of(args[0]));
    List<String> words = Files.readAllLines(Path.of(args[1]));
    int shotFrames = Integer.parseInt(args[2]);
    int frames = shots.size() * shotFrames;
    BufferedImage[] pictures = new BufferedImage[shots.size()];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = ImageIO.read(Path.of(shots.get(i).split("\t")[0]).toFile());
    }
    FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(args[3], 1080, 1920, 0);
    recorder.setFormat("mp4");
    recorder.setVideoCodec(avcodec.AV_CODEC_ID_H264);
    recorder.setPixelFormat(avutil.AV_PIX_FMT_YUV420P);
    recorder.setFrameRate(30);
    recorder.setVideoOption("preset", "veryfast");
    recorder.setVideoOption("crf", "21");
    recorder.setVideoOption("threads", "1");
    recorder.start();
    Java2DFrameConverter converter = new Java2DFrameConverter();
    BufferedImage canvas = new BufferedImage(1080, 1920, BufferedImage.TYPE_3BYTE_BGR);
    Font font = new Font(Font.SANS_SERIF, Font.BOLD, 70);
    for (int frame = 0; frame < frames; frame++) {
      Graphics2D g = canvas.createGraphics();
      g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      int shot = frame / shotFrames;
      int since = frame % shotFrames;
      if (shot > 0 && since < 12) {
        draw(g, pictures[shot - 1], shots.get(shot - 1), since + shotFrames, shotFrames + 12);
        g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (since + 1) / 13f));
      }
      draw(g, pictures[shot], shots.get(shot), since, shotFrames + 12);
      g.setComposite(AlphaComposite.SrcOver);
      long ms = frame * 1000L / 30;
      for (String line : words) {
        String[] page = line.split("\t");
        if (ms >= Long.parseLong(page[0]) && ms < Long.parseLong(page[1])) {
          float x = 120;
          for (int i = 2; i + 2 < page.length; i += 3) {
            TextLayout text = new TextLayout(page[i + 2], font, g.getFontRenderContext());
            g.setStroke(new BasicStroke(8));
            g.setColor(Color.BLACK);
            g.draw(text.getOutline(AffineTransform.getTranslateInstance(x, 1280)));
            boolean spoken = ms >= Long.parseLong(page[i]) && ms < Long.parseLong(page[i + 1]);
            g.setColor(spoken ? new Color(0xFFD23F) : Color.WHITE);
            text.draw(g, x, 1280);
            x += text.getAdvance() + 20;
          }
        }
      }
      g.dispose();
      recorder.record(converter.convert(canvas));
    }
    recorder.stop();
    recorder.release();
  }

  private static void draw(Graphics2D g, BufferedImage picture, String shot, int frame, int frames) {
    String[] f = shot.split("\t");
    double t = Math.min(1, frame / (frames - 1.0));
    double share = t * t * (3 - 2 * t);
    double zoom = Double.parseDouble(f[1]) + (Double.parseDouble(f[2]) - Double.parseDouble(f[1])) * share;
    double x = Double.parseDouble(f[3]) + (Double.parseDouble(f[4]) - Double.parseDouble(f[3])) * share;
    double scale = 1920.0 / picture.getHeight() * zoom;
    double centre = picture.getWidth() / 2.0 + (x - 0.5) * picture.getHeight() * 9 / 16;
    AffineTransform at = new AffineTransform(scale, 0, 0, scale, 540 - centre * scale, 960 - picture.getHeight() / 2.0 * scale);
    g.drawImage(picture, at, null);
  }
}
