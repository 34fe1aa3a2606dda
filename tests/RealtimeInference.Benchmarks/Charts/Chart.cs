using System.Globalization;
using System.Net;
using System.Text;
using RealtimeInference.Benchmarks.Ratios;

namespace RealtimeInference.Benchmarks.Charts;

/// <summary>A picture of lines over a logarithmic axis, as SVG: ours solid, the baseline dashed.</summary>
internal static class Chart
{
    private const double Width = 640;
    private const double Height = 360;
    private const double Left = 70;
    private const double Right = 180;
    private const double Top = 40;
    private const double Bottom = 50;

    private static readonly string[] s_colours = ["#1f77b4", "#d62728", "#2ca02c"];

    public static string Draw(ChartText text, Comparison[] points)
    {
        string[] places = [.. points.Select(static p => p.Point!.X).Distinct()];
        string[] series = [.. points.Select(static p => p.Point!.Series).Distinct()];
        double[] values = [.. points.SelectMany(static p => new[] { p.Ours, p.Baseline }).Where(static v => v > 0)];
        (double low, double high) = (Math.Floor(Math.Log10(values.Min()) * 2) / 2, Math.Ceiling(Math.Log10(values.Max()) * 2) / 2);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        AddText(svg, Left, 22, text.Title, "start", 14);
        AddText(svg, (Left + Width - Right) / 2, Height - 12, text.X, "middle");
        Add(svg, $"<g transform=\"rotate(-90 16 {(Top + Height - Bottom) / 2:0.#})\">");
        AddText(svg, 16, (Top + Height - Bottom) / 2, text.Y, "middle");
        Add(svg, $"</g>");
        foreach (double mark in Marks(low, high))
        {
            double y = Y(mark, low, high);
            Add(svg, $"<line x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{Width - Right}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/>");
            AddText(svg, Left - 6, y + 4, mark.ToString("0.###", CultureInfo.InvariantCulture), "end");
        }

        for (int i = 0; i < places.Length; i++)
        {
            AddText(svg, X(i, places.Length), Height - Bottom + 18, places[i], "middle");
        }

        for (int s = 0; s < series.Length; s++)
        {
            Comparison[] line = [.. points.Where(p => p.Point!.Series == series[s])];
            string colour = s_colours[s % s_colours.Length];
            string name = series.Length > 1 ? $"{series[s]}, " : "";
            AddLine(svg, line, places, static c => c.Ours, colour, "none", (low, high));
            AddLine(svg, line, places, static c => c.Baseline, colour, "5 4", (low, high));
            AddKey(svg, (2 * s) + 0, name + text.Ours, colour, "none");
            AddKey(svg, (2 * s) + 1, name + text.Baseline, colour, "5 4");
        }

        Add(svg, $"</svg>");
        return svg.ToString();
    }

    private static void AddLine(
        StringBuilder svg, Comparison[] line, string[] places, Func<Comparison, double> value, string colour, string dash, (double Low, double High) range)
    {
        string path = string.Join(' ', line.Select(c => string.Create(
            CultureInfo.InvariantCulture, $"{X(Array.IndexOf(places, c.Point!.X), places.Length):0.#},{Y(value(c), range.Low, range.High):0.#}")));
        Add(svg, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>");
    }

    private static void AddKey(StringBuilder svg, int row, string name, string colour, string dash)
    {
        double y = Top + 10 + (row * 20);
        Add(svg, $"<line x1=\"{Width - Right + 12}\" y1=\"{y}\" x2=\"{Width - Right + 40}\" y2=\"{y}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>");
        AddText(svg, Width - Right + 46, y + 4, name, "start");
    }

    private static void AddText(StringBuilder svg, double x, double y, string text, string anchor, int size = 12) =>
        Add(svg, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" font-size=\"{size}\">{WebUtility.HtmlEncode(text)}</text>");

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static IEnumerable<double> Marks(double low, double high)
    {
        for (double exponent = Math.Floor(low); exponent <= high; exponent++)
        {
            foreach (int step in new[] { 1, 2, 5 })
            {
                double mark = step * Math.Pow(10, exponent);
                if (Math.Log10(mark) >= low - 1e-9 && Math.Log10(mark) <= high + 1e-9)
                {
                    yield return mark;
                }
            }
        }
    }

    private static double X(int place, int count) => Left + ((Width - Right - Left) * (place + 0.5) / count);

    private static double Y(double value, double low, double high) => Height - Bottom - ((Height - Bottom - Top) * (Math.Log10(value) - low) / (high - low));
}
