using Microsoft.Extensions.DependencyInjection;

namespace RealtimeInference;

/// <summary>A predictor of any type, for what a host does with all of them.</summary>
internal abstract class PredictorRegistration(string name)
{
    public string Name => name;

    public abstract object Build(IServiceProvider services);
}

/// <summary>What <c>AddPredictor</c> was told.</summary>
internal sealed class PredictorRegistration<TPredictor>(string name) : PredictorRegistration(name)
    where TPredictor : class
{
    public override object Build(IServiceProvider services) => services.GetRequiredKeyedService<TPredictor>(Name);
}
