using CreditCheck;
using CreditCheck.Host;
using RealtimeInference;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
string folder = Path.Combine(AppContext.BaseDirectory, "german-credit");

builder.Services.AddRealtimeInference()
    .AddModel("credit", Path.Combine(folder, "model.onnx"))
    .AddFeatureStore(_ => Customers.Load(Path.Combine(folder, "applicants.csv")))
    .AddPredictor("credit", services => CreditPredictor
        .Create(services.GetModel("credit"), services.GetRequiredService<IFeatureStore>())
        .LimitConcurrency()
        .Build());

builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, CreditJson.Default));
builder.Services.AddProblemDetails();
builder.Services.AddExceptionHandler<PredictionErrors>();

WebApplication app = builder.Build();
app.UseExceptionHandler();
app.MapPost("/decisions", (CreditApplication application, IPredictor<CreditApplication, CreditDecision> predictor, CancellationToken cancellationToken) =>
    predictor.PredictAsync(application, cancellationToken).AsTask());
app.Run();
