using System.Globalization;
using CreditCheck;
using RealtimeInference;
using RealtimeInference.Redis;
using StackExchange.Redis;

string? redisAddress = args is [.., "--redis", var address] ? address : null;
string[] rest = redisAddress is null ? args : args[..^2];
int count = int.MaxValue;
if (rest is not [] && !(rest is [var number] && int.TryParse(number, CultureInfo.InvariantCulture, out count) && count > 0))
{
    Console.Error.WriteLine("Usage: CreditCheck [COUNT] [--redis HOST:PORT]");
    return 2;
}

string folder = Path.Combine(AppContext.BaseDirectory, "german-credit");
string applicants = Path.Combine(folder, "applicants.csv");
using OnnxModel model = OnnxModel.Load(Path.Combine(folder, "model.onnx"));

IFeatureStore store;
try
{
    store = redisAddress is null
        ? Customers.Load(applicants)
        : await Customers.WriteAsync(new RedisFeatureStore(await ConnectionMultiplexer.ConnectAsync(redisAddress)), applicants);
}
catch (RedisException exception)
{
    Console.Error.WriteLine($"No customers from Redis: {exception.Message}");
    return 1;
}

IPredictor<CreditApplication, CreditDecision> predictor = CreditPredictor.Create(model, store).Build();
CreditApplication[] applications = [.. CreditApplication.ReadCsv(applicants).Take(count)];
var decisions = new CreditDecision[applications.Length];
var stages = new StageTimes();
int late = 0;

// As in a service: some requests at a time, each with a context of its own, from which its timings are read.
await Parallel.ForAsync(0, applications.Length, async (i, cancellationToken) =>
{
    using PredictionContext context = PredictionContext.Rent();
    decisions[i] = await predictor.PredictAsync(applications[i], context, cancellationToken);
    string? leaveOut = decisions[i].Outcome == Outcome.Approve ? "explain" : null;
    if (stages.Add(context.Timings, leaveOut) > CreditPredictor.Budget)
    {
        Interlocked.Increment(ref late);
    }
});

foreach (CreditDecision decision in decisions)
{
    string reasons = string.Join(", ", decision.Reasons.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Input} +{r.Change:0.000000}")));
    string unknown = decision.IsCustomerKnown ? "" : " (with defaults)";
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{decision.Id}: {decision.Outcome} at {decision.Score:0.000000}{unknown}{(reasons == "" ? "" : ": ")}{reasons}"));
}

Console.WriteLine();
stages.WriteTo(Console.Out);
Console.WriteLine();
Console.WriteLine(
    $"{decisions.Length} decisions: {Count(Outcome.Approve)} approved, {Count(Outcome.Refer)} referred, {Count(Outcome.Decline)} declined; "
    + $"{late} over the budget of {CreditPredictor.Budget.TotalMilliseconds} ms");
return 0;

int Count(Outcome outcome) => decisions.Count(decision => decision.Outcome == outcome);
