namespace RealtimeInference;

/// <summary>Makes the stage that encodes, runs and decodes: how examples come to a run is a matter of its own.</summary>
internal interface IRunStrategy
{
    IInnerStage<T, TOut> CreateStage<T, TOut>(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder);
}

/// <summary>Every request is a run of its own, on its caller's thread.</summary>
internal sealed class UnbatchedStrategy : IRunStrategy
{
    public static readonly UnbatchedStrategy Instance = new();

    public IInnerStage<T, TOut> CreateStage<T, TOut>(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder) =>
        new ModelStage<T, TOut>(encoder, model, decoder);
}
