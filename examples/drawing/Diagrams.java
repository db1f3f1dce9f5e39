import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.CubicCurve2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Map;

/** Diagrams, charts, the terminal and the logo: exact shapes, lettering of 36 pixels and more. */
final class Diagrams {
  private Diagrams() {}

  static void addTo(Map<String, Gallery.Picture> all) {
    all.put("brand/logo.png", Diagrams::logo);
    all.put("howto/images/setup-diagram.png", Diagrams::setup);
    all.put("howto/images/pour-schedule.png", Diagrams::schedule);
    all.put("technical/images/sequence.png", Diagrams::sequence);
    all.put("technical/images/architecture.png", Diagrams::architecture);
    all.put("technical/images/latency.png", Diagrams::latency);
    all.put("technical/images/terminal.png", Diagrams::terminal);
    all.put("deutsch/images/baumarten.png", Diagrams::species);
  }

  private static final Color CREAM = new Color(0xfbf3e6);
  private static final Color BROWN = new Color(0x3a251a);
  private static final Color COPPER = new Color(0xc26a2e);
  private static final Color TEAL = new Color(0x2f6d72);

  private static final Color NIGHT = new Color(0x0e1628);
  private static final Color CARD = new Color(0x1c2944);
  private static final Color EDGE = new Color(0x35476e);
  private static final Color SNOW = new Color(0xeef3fc);
  private static final Color MIST = new Color(0xa9b8d4);
  private static final Color CYAN = new Color(0x4cc9f0);
  private static final Color AMBER = new Color(0xffa552);
  private static final Color GREEN = new Color(0x5ee0a0);
  private static final Color ROSE = new Color(0xff6b81);

  private static BufferedImage page(int w, int h, Color c) {
    BufferedImage im = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = im.createGraphics();
    g.setColor(c);
    g.fillRect(0, 0, w, h);
    g.dispose();
    return im;
  }

  private static void line(Graphics2D g, Color c, double width, double... xy) {
    Path2D p = new Path2D.Double();
    p.moveTo(xy[0], xy[1]);
    for (int i = 2; i < xy.length; i += 2) {
      p.lineTo(xy[i], xy[i + 1]);
    }
    g.setColor(c);
    g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(p);
  }

  private static void arrow(
      Graphics2D g, Color c, double width, double x1, double y1, double x2, double y2) {
    double a = Math.atan2(y2 - y1, x2 - x1);
    double size = width * 3.4;
    line(g, c, width, x1, y1, x2 - Math.cos(a) * size, y2 - Math.sin(a) * size);
    Path2D head = new Path2D.Double();
    head.moveTo(x2, y2);
    head.lineTo(x2 - size * 1.35 * Math.cos(a - 0.42), y2 - size * 1.35 * Math.sin(a - 0.42));
    head.lineTo(x2 - size * 1.35 * Math.cos(a + 0.42), y2 - size * 1.35 * Math.sin(a + 0.42));
    head.closePath();
    g.fill(head);
  }

  private static void card(
      Graphics2D g, double x, double y, double w, double h, Color fill, Color edge) {
    RoundRectangle2D r = new RoundRectangle2D.Double(x, y, w, h, 36, 36);
    g.setColor(fill);
    g.fill(r);
    g.setColor(edge);
    g.setStroke(new BasicStroke(4));
    g.draw(r);
  }

  private static void label(
      Graphics2D g, String s, Font f, Color c, double x, double y, double anchor) {
    g.setFont(f);
    g.setColor(c);
    Paint.text(g, s, x, y, anchor);
  }

  private static void pill(
      Graphics2D g, String s, Font f, Color fill, Color ink, double cx, double cy) {
    g.setFont(f);
    double w = g.getFontMetrics().stringWidth(s) + f.getSize() * 1.3;
    double h = f.getSize() * 1.75;
    g.setColor(fill);
    g.fill(new RoundRectangle2D.Double(cx - w / 2, cy - h / 2, w, h, h, h));
    g.setColor(ink);
    Paint.text(g, s, cx, cy + f.getSize() * 0.36, 0.5);
  }

  // Brand ----------------------------------------------------------------------------------

  private static BufferedImage logo() {
    BufferedImage im = new BufferedImage(1200, 480, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = Paint.pen(im);
    // A kettle in a ring; the steam is a coffee bean's crease.
    g.setPaint(new GradientPaint(0, 40, new Color(0xffb86b), 0, 440, new Color(0xd9742b)));
    g.fill(new Ellipse2D.Double(40, 40, 400, 400));
    g.setColor(new Color(0x24160f));
    Path2D body = new Path2D.Double();
    body.moveTo(150, 352);
    body.lineTo(182, 214);
    body.quadTo(186, 196, 204, 196);
    body.lineTo(264, 196);
    body.quadTo(282, 196, 286, 214);
    body.lineTo(318, 352);
    body.quadTo(320, 368, 304, 368);
    body.lineTo(164, 368);
    body.quadTo(148, 368, 150, 352);
    g.fill(body);
    g.fill(new RoundRectangle2D.Double(192, 172, 84, 18, 18, 18));
    g.fill(new Ellipse2D.Double(219, 140, 30, 30));
    g.setStroke(new BasicStroke(22, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    Path2D spout = new Path2D.Double();
    spout.moveTo(306, 330);
    spout.curveTo(372, 330, 330, 216, 392, 200);
    g.draw(spout);
    g.setStroke(new BasicStroke(20, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    Path2D handle = new Path2D.Double();
    handle.moveTo(184, 218);
    handle.curveTo(110, 190, 84, 250, 104, 318);
    g.draw(handle);
    g.setColor(new Color(0xfff6ea));
    g.setStroke(new BasicStroke(12, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(new CubicCurve2D.Double(186, 334, 186, 290, 202, 262, 206, 234));
    g.setColor(new Color(0xfff6ea));
    g.setFont(Paint.sans(Font.BOLD, 112));
    g.drawString("Copper Kettle", 490, 238);
    g.setColor(new Color(0xf2994a));
    g.setFont(Paint.sans(Font.BOLD, 56));
    double x = 496;
    for (char c : "ROASTERY".toCharArray()) {
      g.drawString(String.valueOf(c), (float) x, 338);
      x += g.getFontMetrics().charWidth(c) + 22;
    }
    g.dispose();
    // The lettering decides how wide the sheet has to be.
    int right = 0;
    for (int px = 0; px < 1200; px++) {
      for (int py = 0; py < 480; py++) {
        if (im.getRGB(px, py) >>> 24 > 0) {
          right = px;
        }
      }
    }
    if (right >= 1190) {
      BufferedImage narrow = new BufferedImage(1200, 480, BufferedImage.TYPE_INT_ARGB);
      Graphics2D n = Paint.pen(narrow);
      n.drawImage(im.getSubimage(0, 0, 460, 480), 0, 0, null);
      n.setColor(new Color(0xfff6ea));
      n.setFont(Paint.sans(Font.BOLD, 84));
      n.drawString("Copper Kettle", 490, 238);
      n.setColor(new Color(0xf2994a));
      n.setFont(Paint.sans(Font.BOLD, 52));
      double nx = 494;
      for (char c : "ROASTERY".toCharArray()) {
        n.drawString(String.valueOf(c), (float) nx, 330);
        nx += n.getFontMetrics().charWidth(c) + 24;
      }
      n.dispose();
      return narrow;
    }
    return im;
  }

  // How-to ---------------------------------------------------------------------------------

  private static GradientPaint across(double x1, double x2, int a, int b) {
    return new GradientPaint((float) x1, 0, new Color(a), (float) x2, 0, new Color(b));
  }

  private static BufferedImage setup() {
    BufferedImage im = page(2000, 1400, CREAM);
    Graphics2D g = Paint.pen(im);
    label(g, "The pour-over setup", Paint.sans(Font.BOLD, 78), BROWN, 110, 150, 0);
    double cx = 900;
    g.setColor(new Color(0xf3dfc4));
    g.fill(new Ellipse2D.Double(cx - 560, 250, 1060, 1060));

    // Scale.
    g.setPaint(across(cx - 320, cx + 320, 0x4a4f55, 0x24282c));
    g.fill(new RoundRectangle2D.Double(cx - 320, 1190, 640, 92, 40, 40));
    g.setColor(new Color(0x0a0c0e));
    g.fill(new RoundRectangle2D.Double(cx - 110, 1204, 220, 64, 20, 20));
    label(g, "350 g", Paint.sans(Font.BOLD, 46), new Color(0xffb25a), cx, 1253, 0.5);

    // Carafe with coffee.
    Path2D glass = new Path2D.Double();
    glass.moveTo(cx - 110, 860);
    glass.curveTo(cx - 130, 960, cx - 270, 980, cx - 270, 1100);
    glass.quadTo(cx - 268, 1188, cx - 200, 1188);
    glass.lineTo(cx + 200, 1188);
    glass.quadTo(cx + 268, 1188, cx + 270, 1100);
    glass.curveTo(cx + 270, 980, cx + 130, 960, cx + 110, 860);
    glass.closePath();
    g.setColor(new Color(0xe6eef0));
    g.fill(glass);
    Area coffee = new Area(glass);
    coffee.intersect(new Area(new Rectangle2D.Double(cx - 300, 1040, 600, 200)));
    g.setPaint(across(cx - 270, cx + 270, 0x6b3a1c, 0x2c1409));
    g.fill(coffee);
    g.setColor(new Color(0x8a5228));
    g.fill(new Ellipse2D.Double(cx - 256, 1024, 512, 34));
    g.setColor(new Color(255, 255, 255, 150));
    g.setStroke(new BasicStroke(16, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(new CubicCurve2D.Double(cx - 170, 985, cx - 226, 1020, cx - 236, 1060, cx - 228, 1130));
    g.setColor(new Color(0x9db4b8));
    g.setStroke(new BasicStroke(8));
    g.draw(glass);
    g.setPaint(across(cx - 130, cx + 130, 0xa65a2a, 0x7a3c18));
    g.fill(new RoundRectangle2D.Double(cx - 130, 868, 260, 58, 24, 24));

    // Dripper, filter, coffee bed.
    Path2D paper = new Path2D.Double();
    paper.moveTo(cx - 262, 512);
    paper.lineTo(cx + 262, 512);
    paper.lineTo(cx + 70, 800);
    paper.lineTo(cx - 70, 800);
    paper.closePath();
    g.setPaint(across(cx - 262, cx + 262, 0xffffff, 0xe8dcc8));
    g.fill(paper);
    g.setColor(new Color(0xcdbb9d));
    g.setStroke(new BasicStroke(5));
    g.draw(paper);
    Path2D cone = new Path2D.Double();
    cone.moveTo(cx - 240, 572);
    cone.lineTo(cx + 240, 572);
    cone.lineTo(cx + 78, 826);
    cone.lineTo(cx - 78, 826);
    cone.closePath();
    g.setPaint(across(cx - 240, cx + 240, 0x4f979b, 0x1f4d52));
    g.fill(cone);
    g.fill(new RoundRectangle2D.Double(cx - 262, 552, 524, 40, 40, 40));
    g.fill(new RoundRectangle2D.Double(cx - 200, 818, 400, 40, 40, 40));
    g.setStroke(new BasicStroke(30, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.setPaint(new Color(0x245a5f));
    g.draw(new CubicCurve2D.Double(cx - 226, 606, cx - 370, 600, cx - 350, 760, cx - 128, 760));
    g.setColor(new Color(255, 255, 255, 60));
    for (int i = -2; i <= 2; i++) {
      line(g, new Color(255, 255, 255, 46), 9, cx + i * 78, 612, cx + i * 34, 802);
    }

    // Water and kettle.
    g.setPaint(across(cx - 10, cx + 10, 0x8fd3e8, 0x4aa3c7));
    g.fill(new RoundRectangle2D.Double(cx - 9, 396, 18, 120, 18, 18));
    AffineTransform keep = g.getTransform();
    g.translate(cx + 20, 360);
    g.scale(1.18, 1.18);
    g.setPaint(across(190, 470, 0xf0a566, 0xa44f1c));
    Path2D kettle = new Path2D.Double();
    kettle.moveTo(230, 110);
    kettle.lineTo(262, -46);
    kettle.quadTo(266, -64, 286, -64);
    kettle.lineTo(394, -64);
    kettle.quadTo(414, -64, 418, -46);
    kettle.lineTo(450, 110);
    kettle.quadTo(452, 130, 430, 130);
    kettle.lineTo(250, 130);
    kettle.quadTo(228, 130, 230, 110);
    g.fill(kettle);
    g.fill(new RoundRectangle2D.Double(270, -92, 140, 24, 24, 24));
    g.setColor(BROWN);
    g.fill(new Ellipse2D.Double(322, -130, 36, 38));
    g.setPaint(across(-20, 250, 0xd98846, 0xb9642c));
    g.setStroke(new BasicStroke(26, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    Path2D neck = new Path2D.Double();
    neck.moveTo(246, 92);
    neck.curveTo(130, 96, 190, -60, 60, -60);
    neck.curveTo(10, -60, -16, -30, -16, 16);
    g.draw(neck);
    g.setColor(BROWN);
    g.setStroke(new BasicStroke(26, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(new CubicCurve2D.Double(418, -40, 520, -70, 560, 10, 520, 96));
    g.setTransform(keep);

    Object[][] tags = {
      {"Kettle", "94 °C, thin spout", 1720.0, 560.0, 1450.0, 470.0, 0.5},
      {"Paper filter", "rinse it first", 130.0, 420.0, cx - 190, 532.0, 0.0},
      {"Dripper", "60 degree cone", 130.0, 700.0, cx - 150, 690.0, 0.0},
      {"Carafe", "glass, warmed", 1380.0, 1020.0, cx + 232, 1010.0, 0.0},
      {"Scale", "shows 0.1 g", 1380.0, 1250.0, cx + 310, 1236.0, 0.0}
    };
    for (Object[] t : tags) {
      double x = (double) t[2];
      double y = (double) t[3];
      double anchor = (double) t[6];
      g.setFont(Paint.sans(Font.BOLD, 60));
      double w = g.getFontMetrics().stringWidth((String) t[0]);
      boolean left = x < cx;
      double from = anchor == 0.5 ? x - w / 2 - 20 : left ? x + w + 24 : x - 24;
      double fy = anchor == 0.5 ? y - 20 : y - 20;
      line(g, COPPER, 6, from, fy, (double) t[4], (double) t[5]);
      g.fill(new Ellipse2D.Double((double) t[4] - 13, (double) t[5] - 13, 26, 26));
      label(g, (String) t[0], Paint.sans(Font.BOLD, 60), BROWN, x, y, anchor);
      label(g, (String) t[1], Paint.sans(Font.PLAIN, 42), new Color(0x7a5a44), x, y + 56, anchor);
    }
    g.dispose();
    return im;
  }

  private static BufferedImage schedule() {
    BufferedImage im = page(2000, 1125, CREAM);
    Graphics2D g = Paint.pen(im);
    label(g, "Three pours to 350 grams", Paint.sans(Font.BOLD, 74), BROWN, 120, 130, 0);
    double x0 = 250;
    double x1 = 1880;
    double y0 = 960;
    double y1 = 240;
    Font axis = Paint.sans(Font.PLAIN, 42);
    for (int grams = 0; grams <= 350; grams += 50) {
      double y = y0 + (y1 - y0) * grams / 380.0;
      line(g, new Color(0xe6d3b8), grams == 0 ? 5 : 3, x0, y, x1, y);
      if (grams % 100 == 0 || grams == 350) {
        if (grams != 300) {
          label(g, grams + " g", axis, new Color(0x6a4c38), x0 - 30, y + 15, 1);
        }
      }
    }
    for (int s = 0; s <= 180; s += 30) {
      double x = x0 + (x1 - x0) * s / 190.0;
      label(
          g,
          s / 60 + ":" + (s % 60 < 10 ? "0" : "") + s % 60,
          axis,
          new Color(0x6a4c38),
          x,
          y0 + 64,
          0.5);
    }
    label(g, "minutes", axis, new Color(0x6a4c38), x1, y0 + 124, 1);
    double[][] steps = {{0, 0}, {10, 50}, {40, 50}, {62, 200}, {90, 200}, {112, 350}, {180, 350}};
    Path2D area = new Path2D.Double();
    Path2D top = new Path2D.Double();
    area.moveTo(x0, y0);
    for (int i = 0; i < steps.length; i++) {
      double x = x0 + (x1 - x0) * steps[i][0] / 190;
      double y = y0 + (y1 - y0) * steps[i][1] / 380;
      area.lineTo(x, y);
      if (i == 0) {
        top.moveTo(x, y);
      } else {
        top.lineTo(x, y);
      }
    }
    area.lineTo(x0 + (x1 - x0) * 180 / 190, y0);
    area.closePath();
    g.setPaint(
        new GradientPaint(0, (float) y1, new Color(0xe9a868), 0, (float) y0, new Color(0xf6e2c6)));
    g.fill(area);
    g.setColor(COPPER);
    g.setStroke(new BasicStroke(14, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    g.draw(top);
    Object[][] marks = {
      {10.0, 50.0, "Bloom 50 g", 104.0, -84.0},
      {62.0, 200.0, "200 g", -20.0, -70.0},
      {112.0, 350.0, "350 g", -120.0, -36.0},
      {180.0, 350.0, "drained", -60.0, 90.0}
    };
    for (Object[] m : marks) {
      double x = x0 + (x1 - x0) * (double) m[0] / 190;
      double y = y0 + (y1 - y0) * (double) m[1] / 380;
      g.setColor(CREAM);
      g.fill(new Ellipse2D.Double(x - 24, y - 24, 48, 48));
      g.setColor(TEAL);
      g.fill(new Ellipse2D.Double(x - 16, y - 16, 32, 32));
      pill(
          g,
          (String) m[2],
          Paint.sans(Font.BOLD, 46),
          TEAL,
          Color.WHITE,
          x + (double) m[3],
          y + (double) m[4]);
    }
    label(
        g,
        "rest",
        Paint.sans(Font.ITALIC, 44),
        new Color(0x8a5a34),
        x0 + (x1 - x0) * 28 / 190,
        y0 - 30,
        0.5);
    label(
        g,
        "rest",
        Paint.sans(Font.ITALIC, 44),
        new Color(0x8a5a34),
        x0 + (x1 - x0) * 77 / 190,
        y0 - 30,
        0.5);
    label(
        g,
        "drip through",
        Paint.sans(Font.ITALIC, 44),
        new Color(0x8a5a34),
        x0 + (x1 - x0) * 146 / 190,
        y0 - 30,
        0.5);
    g.dispose();
    return im;
  }

  // Technical ------------------------------------------------------------------------------

  private static BufferedImage sequence() {
    BufferedImage im = page(2000, 1300, NIGHT);
    Graphics2D g = Paint.pen(im);
    double a = 430;
    double b = 1570;
    label(g, "One key, two attempts, one payment", Paint.sans(Font.BOLD, 68), SNOW, 1000, 120, 0.5);
    Object[][] heads = {{a, "Payment service", CYAN}, {b, "Bank", AMBER}};
    for (Object[] h : heads) {
      double x = (double) h[0];
      Color c = (Color) h[2];
      g.setColor(EDGE);
      g.setStroke(
          new BasicStroke(
              6, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, new float[] {4, 20}, 0));
      g.draw(new Line2D.Double(x, 310, x, 1240));
      card(g, x - 260, 180, 520, 120, CARD, c);
      label(g, (String) h[1], Paint.sans(Font.BOLD, 54), SNOW, x, 258, 0.5);
    }
    g.setColor(Paint.mix(CYAN, NIGHT, 0.45));
    g.fill(new RoundRectangle2D.Double(a - 18, 370, 36, 790, 20, 20));
    g.setColor(Paint.mix(AMBER, NIGHT, 0.45));
    g.fill(new RoundRectangle2D.Double(b - 18, 420, 36, 180, 20, 20));
    g.fill(new RoundRectangle2D.Double(b - 18, 930, 36, 170, 20, 20));

    Font f = Paint.sans(Font.BOLD, 46);
    label(g, "pay 40 €   key order-77:1", f, SNOW, 1000, 396, 0.5);
    arrow(g, CYAN, 9, a + 30, 425, b - 26, 425);
    pill(g, "money moved, key stored", Paint.sans(Font.BOLD, 42), AMBER, NIGHT, b + 40, 512);
    label(g, "answer: done", f, MIST, 1180, 596, 0.5);
    line(g, Paint.mix(AMBER, NIGHT, 0.25), 9, b - 26, 625, 900, 625);
    line(g, ROSE, 15, 850, 585, 930, 665);
    line(g, ROSE, 15, 850, 665, 930, 585);
    label(g, "lost", Paint.sans(Font.BOLD, 52), ROSE, 800, 643, 1);
    pill(g, "timeout: outcome unknown", Paint.sans(Font.BOLD, 42), ROSE, NIGHT, a + 90, 770);
    label(g, "retry with the same key", f, SNOW, 1000, 906, 0.5);
    arrow(g, CYAN, 9, a + 30, 935, b - 26, 935);
    pill(g, "key known, do nothing", Paint.sans(Font.BOLD, 42), GREEN, NIGHT, b + 60, 1015);
    label(g, "stored answer: done", f, SNOW, 860, 1072, 0.5);
    arrow(g, GREEN, 9, b - 26, 1100, a + 30, 1100);
    pill(g, "paid once", Paint.sans(Font.BOLD, 48), GREEN, NIGHT, a, 1205);
    g.dispose();
    return im;
  }

  private static void cylinder(Graphics2D g, double x, double y, double w, double h, Color c) {
    double e = h * 0.2;
    g.setColor(CARD);
    g.fill(new Rectangle2D.Double(x, y + e / 2, w, h - e));
    g.fill(new Ellipse2D.Double(x, y + h - e, w, e));
    g.setColor(Paint.mix(CARD, c, 0.35));
    g.fill(new Ellipse2D.Double(x, y, w, e));
    g.setColor(c);
    g.setStroke(new BasicStroke(5));
    g.draw(new Ellipse2D.Double(x, y, w, e));
    g.draw(new Line2D.Double(x, y + e / 2, x, y + h - e / 2));
    g.draw(new Line2D.Double(x + w, y + e / 2, x + w, y + h - e / 2));
    g.draw(new java.awt.geom.Arc2D.Double(x, y + h - e, w, e, 180, 180, java.awt.geom.Arc2D.OPEN));
  }

  private static BufferedImage architecture() {
    BufferedImage im = page(2200, 1300, NIGHT);
    Graphics2D g = Paint.pen(im);
    label(
        g,
        "State, position and output move together",
        Paint.sans(Font.BOLD, 70),
        SNOW,
        1100,
        120,
        0.5);

    // The job.
    card(g, 590, 400, 1020, 420, new Color(0x141f38), EDGE);
    label(g, "Streaming job", Paint.sans(Font.BOLD, 46), MIST, 1073, 476, 0.5);
    String[] names = {"Read", "Count", "Write"};
    String[] subs = {"offset 4 711", "state per key", "transaction"};
    Color[] cs = {CYAN, GREEN, AMBER};
    double[] xs = {620, 928, 1280};
    double[] ws = {240, 284, 300};
    for (int i = 0; i < 3; i++) {
      card(g, xs[i], 520, ws[i], 230, CARD, cs[i]);
      label(g, names[i], Paint.sans(Font.BOLD, 50), SNOW, xs[i] + ws[i] / 2, 620, 0.5);
      label(g, subs[i], Paint.sans(Font.PLAIN, 36), MIST, xs[i] + ws[i] / 2, 690, 0.5);
    }
    arrow(g, SNOW, 9, 870, 635, 922, 635);
    arrow(g, SNOW, 9, 1222, 635, 1274, 635);

    // Source topic.
    card(g, 80, 440, 360, 340, CARD, CYAN);
    label(g, "Source topic", Paint.sans(Font.BOLD, 46), SNOW, 260, 510, 0.5);
    for (int p = 0; p < 3; p++) {
      for (int k = 0; k < 6; k++) {
        g.setColor(Paint.mix(CYAN, CARD, k > 3 ? 0.72 : 0.15));
        g.fill(new RoundRectangle2D.Double(116 + k * 49, 548 + p * 70, 40, 48, 12, 12));
      }
    }
    arrow(g, CYAN, 10, 452, 635, 610, 635);

    // Sink topic.
    card(g, 1760, 440, 360, 340, CARD, AMBER);
    label(g, "Output topic", Paint.sans(Font.BOLD, 46), SNOW, 1940, 510, 0.5);
    for (int p = 0; p < 3; p++) {
      for (int k = 0; k < 6; k++) {
        g.setColor(k > 3 ? Paint.mix(AMBER, CARD, 0.72) : GREEN);
        g.fill(new RoundRectangle2D.Double(1796 + k * 49, 548 + p * 70, 40, 48, 12, 12));
      }
    }
    arrow(g, AMBER, 10, 1588, 635, 1750, 635);
    arrow(g, GREEN, 10, 1940, 790, 1940, 960);
    card(g, 1740, 970, 400, 190, CARD, GREEN);
    label(g, "Readers", Paint.sans(Font.BOLD, 48), SNOW, 1940, 1046, 0.5);
    label(g, "read_committed", Paint.mono(Font.PLAIN, 38), GREEN, 1940, 1114, 0.5);

    // Coordinator.
    card(g, 850, 190, 500, 130, CARD, ROSE);
    label(g, "Coordinator", Paint.sans(Font.BOLD, 50), SNOW, 1100, 272, 0.5);
    line(g, ROSE, 8, 850, 255, 755, 255);
    arrow(g, ROSE, 8, 755, 255, 755, 512);
    label(g, "1  barrier", Paint.sans(Font.BOLD, 42), ROSE, 725, 345, 1);
    line(g, ROSE, 8, 1350, 255, 1418, 255);
    arrow(g, ROSE, 8, 1418, 255, 1418, 512);
    label(g, "3  commit", Paint.sans(Font.BOLD, 42), ROSE, 1448, 345, 0);

    // Checkpoint store.
    cylinder(g, 850, 960, 500, 240, GREEN);
    label(g, "Checkpoints", Paint.sans(Font.BOLD, 50), SNOW, 1100, 1098, 0.5);
    label(g, "object storage", Paint.sans(Font.PLAIN, 40), MIST, 1100, 1156, 0.5);
    for (int i = 0; i < 3; i++) {
      double x = xs[i] + ws[i] / 2;
      arrow(g, Paint.mix(GREEN, NIGHT, 0.15), 8, x, 758, 1100 + (x - 1100) * 0.34, 952);
    }
    label(g, "2  save state", Paint.sans(Font.BOLD, 42), GREEN, 800, 900, 1);
    label(g, "and offsets", Paint.sans(Font.BOLD, 42), GREEN, 800, 956, 1);
    g.dispose();
    return im;
  }

  private static BufferedImage latency() {
    BufferedImage im = page(2000, 1200, NIGHT);
    Graphics2D g = Paint.pen(im);
    label(g, "The price of a transaction is waiting", Paint.sans(Font.BOLD, 70), SNOW, 130, 130, 0);
    label(
        g,
        "average added delay, by checkpoint interval",
        Paint.sans(Font.PLAIN, 44),
        MIST,
        130,
        204,
        0);
    double x0 = 240;
    double x1 = 1840;
    double y0 = 1030;
    double y1 = 290;
    Font axis = Paint.sans(Font.PLAIN, 42);
    for (int s = 0; s <= 30; s += 10) {
      double y = y0 + (y1 - y0) * s / 33.0;
      line(g, new Color(0x2a3a5c), s == 0 ? 5 : 3, x0, y, x1, y);
      label(g, s + " s", axis, MIST, x0 - 30, y + 15, 1);
    }
    for (int s = 0; s <= 60; s += 10) {
      double x = x0 + (x1 - x0) * s / 60.0;
      label(g, s + " s", axis, MIST, x, y0 + 66, 0.5);
    }
    label(g, "checkpoint interval", axis, MIST, (x0 + x1) / 2, y0 + 130, 0.5);
    Path2D area = new Path2D.Double();
    area.moveTo(x0, y0);
    area.lineTo(x1, y0 + (y1 - y0) * 30 / 33.0);
    area.lineTo(x1, y0);
    area.closePath();
    g.setPaint(
        new GradientPaint(0, (float) y1, new Color(0x5a4430), 0, (float) y0, new Color(0x141e34)));
    g.fill(area);
    line(g, AMBER, 14, x0, y0, x1, y0 + (y1 - y0) * 30 / 33.0);
    line(g, GREEN, 14, x0, y0 - 8, x1, y0 - 8);
    for (int s = 10; s <= 60; s += 10) {
      double x = x0 + (x1 - x0) * s / 60.0;
      double y = y0 + (y1 - y0) * (s / 2.0) / 33;
      g.setColor(NIGHT);
      g.fill(new Ellipse2D.Double(x - 21, y - 21, 42, 42));
      g.setColor(AMBER);
      g.fill(new Ellipse2D.Double(x - 14, y - 14, 28, 28));
    }
    label(g, "transactional sink", Paint.sans(Font.BOLD, 54), AMBER, 1180, 470, 1);
    label(g, "idempotent sink", Paint.sans(Font.BOLD, 54), GREEN, 1800, y0 - 40, 1);
    double px = x0 + (x1 - x0) / 6;
    pill(
        g,
        "10 s → 5 s",
        Paint.sans(Font.BOLD, 44),
        AMBER,
        NIGHT,
        px - 40,
        y0 + (y1 - y0) * 5 / 33 - 100);
    pill(
        g,
        "60 s → 30 s",
        Paint.sans(Font.BOLD, 44),
        AMBER,
        NIGHT,
        x1 - 250,
        y0 + (y1 - y0) * 30 / 33.0 - 20);
    g.dispose();
    return im;
  }

  private static BufferedImage terminal() {
    BufferedImage im = page(2000, 1250, new Color(0x1b2a4a));
    Graphics2D g = Paint.pen(im);
    g.setPaint(new GradientPaint(0, 0, new Color(0x28406e), 2000, 1250, new Color(0x3a2a5c)));
    g.fillRect(0, 0, 2000, 1250);
    for (int i = 24; i > 0; i--) {
      g.setColor(new Color(0, 0, 0, 7));
      g.fill(
          new RoundRectangle2D.Double(110 - i, 100 - i + 14, 1780 + 2 * i, 1050 + 2 * i, 60, 60));
    }
    Shape window = new RoundRectangle2D.Double(110, 90, 1780, 1070, 40, 40);
    g.setColor(new Color(0x0d1320));
    g.fill(window);
    g.setClip(window);
    g.setColor(new Color(0x222c42));
    g.fillRect(110, 90, 1780, 88);
    g.setClip(null);
    int[] dots = {0xff5f57, 0xfebc2e, 0x28c840};
    for (int i = 0; i < 3; i++) {
      g.setColor(new Color(dots[i]));
      g.fill(new Ellipse2D.Double(150 + i * 58, 118, 34, 34));
    }
    label(g, "nightly chaos test", Paint.sans(Font.PLAIN, 38), MIST, 1000, 148, 0.5);
    Font f = Paint.mono(Font.PLAIN, 42);
    Font b = Paint.mono(Font.BOLD, 42);
    Color[] c = {GREEN, SNOW, MIST, AMBER, CYAN, ROSE};
    Object[][] rows = {
      {b, 0, "$ ", b, 1, "./chaos.sh --kills 20 --events 1000000"},
      {f, 2, "[00:31] kill  1/20  ", f, 5, "payments-7c9f-x2lq4", f, 2, "  restored in 9 s"},
      {f, 2, "[01:17] kill  2/20  ", f, 5, "payments-7c9f-m8dzt", f, 2, "  restored in 8 s"},
      {f, 2, "   ..."},
      {f, 2, "[14:52] kill 20/20  ", f, 5, "payments-7c9f-q6w2h", f, 2, "  restored in 9 s"},
      {},
      {b, 0, "$ ", b, 1, "psql -f count-missing-and-duplicates.sql"},
      {b, 4, "   events  | missing | duplicates"},
      {f, 2, " ----------+---------+-----------"},
      {b, 1, "   1000000 |       0 |          0"},
      {f, 2, " (1 row)"},
      {},
      {b, 0, "PASS", b, 1, "  20 kills, 1,000,000 events, every one counted once"},
    };
    double y = 262;
    for (Object[] row : rows) {
      double x = 160;
      for (int i = 0; i < row.length; i += 3) {
        g.setFont((Font) row[i]);
        g.setColor(c[(int) row[i + 1]]);
        String s = (String) row[i + 2];
        g.drawString(s, (float) x, (float) y);
        x += g.getFontMetrics().stringWidth(s);
      }
      y += 70;
    }
    g.dispose();
    return im;
  }

  // German ---------------------------------------------------------------------------------

  private static BufferedImage species() {
    BufferedImage im = page(2000, 1125, new Color(0xf4f2e6));
    Graphics2D g = Paint.pen(im);
    Color ink = new Color(0x22331f);
    label(g, "Das wächst in Deutschlands Wäldern", Paint.sans(Font.BOLD, 72), ink, 120, 140, 0);
    String[] names = {"Kiefer", "Fichte", "Buche", "Eiche", "andere"};
    int[] share = {22, 21, 17, 12, 28};
    int[] colours = {0x3f6b4a, 0x2c5546, 0x8fae4b, 0xc58a34, 0xb9b59c};
    for (int i = 0; i < 5; i++) {
      double y = 220 + i * 156;
      double w = share[i] * 46;
      label(g, names[i], Paint.sans(Font.BOLD, 60), ink, 420, y + 82, 1);
      g.setPaint(
          new GradientPaint(
              460,
              0,
              Paint.mix(new Color(colours[i]), Color.BLACK, 0.12),
              (float) (460 + w),
              0,
              Paint.mix(new Color(colours[i]), Color.WHITE, 0.12)));
      g.fill(new RoundRectangle2D.Double(460, y, w, 118, 30, 30));
      label(g, share[i] + " %", Paint.sans(Font.BOLD, 62), ink, 460 + w + 30, y + 82, 0);
    }
    label(
        g,
        "Anteil an der Waldfläche, Bundeswaldinventur 2022",
        Paint.sans(Font.PLAIN, 42),
        new Color(0x5d6b55),
        120,
        1072,
        0);
    g.dispose();
    return im;
  }
}
