namespace RealtimeInference;

internal sealed class NumberEncoding(NumberPlan plan) : NumericEncoding(plan, plan.Default)
{
    private readonly NumberTransform _transform = plan.Transform;
    private readonly double _shift = plan.Transform == NumberTransform.MinMax ? plan.Min : plan.Mean;
    private readonly double _scale = plan.Transform == NumberTransform.MinMax ? plan.Max - plan.Min : plan.Std;
    private readonly double _clipMin = plan.ClipMin ?? double.NegativeInfinity;
    private readonly double _clipMax = plan.ClipMax ?? double.PositiveInfinity;

    protected override void WriteValue(double value, Span<float> target, ref TabularFaults faults)
    {
        double clipped = value < _clipMin ? _clipMin : value > _clipMax ? _clipMax : value;
        float element = (float)(_transform switch
        {
            NumberTransform.None => clipped,
            NumberTransform.Log1p => (TabularEncoding.Log1p(clipped) - _shift) / _scale,
            _ => (clipped - _shift) / _scale,
        });
        target[0] = element;
        if (!float.IsFinite(element))
        {
            faults.AddNotFinite(Name, value);
        }
    }
}
