using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>
/// Preprocess, run and postprocess as one step: no tensor outlives its pooled buffer, and nothing is copied between them.
/// </summary>
internal sealed class ModelStage<T, TOut> : IInnerStage<T, TOut>
{
    private readonly IInputEncoder<T> _encoder;
    private readonly IModel _model;
    private readonly IOutputDecoder<T, TOut> _decoder;

    public ModelStage(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder)
    {
        encoder.CheckSignature(model.Signature);
        decoder.CheckSignature(model.Signature);
        _encoder = encoder;
        _model = model;
        _decoder = decoder;
    }

    public ValueTask<TOut> InvokeAsync(in T input, PredictionContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.ThrowIfExpired();
        ModelRunner runner = _model.Rent();
        ValueTask run;
        try
        {
            context.ModelName = _model.Name;
            context.ModelVersion = runner.ModelVersion;
            _encoder.Encode(input, runner.GetInputs());
            context.EndStage(StageNames.Preprocess);
            run = runner.RunAsync(cancellationToken);
            if (run.IsCompletedSuccessfully)
            {
                run.GetAwaiter().GetResult();
                TOut output = Finish(input, runner, context);
                runner.Dispose();
                return new ValueTask<TOut>(output);
            }
        }
        catch
        {
            runner.Dispose();
            throw;
        }

        return AwaitAsync(input, run, runner, context);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TOut> AwaitAsync(T input, ValueTask run, ModelRunner runner, PredictionContext context)
    {
        using (runner)
        {
            await run.ConfigureAwait(false);
            return Finish(input, runner, context);
        }
    }

    private TOut Finish(in T input, ModelRunner runner, PredictionContext context)
    {
        context.EndStage(StageNames.Run);
        TOut output = _decoder.Decode(input, runner.GetOutputs());
        context.EndStage(StageNames.Postprocess);
        return output;
    }
}

internal sealed class DelegateEncoder<T>(InputEncoding<T> encode) : IInputEncoder<T>
{
    public void Encode(T input, InputTensors tensors) => encode(input, tensors);
}

internal sealed class DelegateDecoder<T, TOut>(OutputDecoding<T, TOut> decode) : IOutputDecoder<T, TOut>
{
    public TOut Decode(T input, OutputTensors tensors) => decode(input, tensors);
}
