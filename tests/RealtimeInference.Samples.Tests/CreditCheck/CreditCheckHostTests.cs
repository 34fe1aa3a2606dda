using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using CreditCheck.Host;
using Microsoft.AspNetCore.Http;

namespace RealtimeInference.Samples.Tests;

/// <summary>The host as a program of its own, over a socket.</summary>
public sealed class CreditCheckHostTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _client = new();
    private Process? _process;

    public async Task InitializeAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "CreditCheck.Host.dll"), "--urls", "http://127.0.0.1:0" },
            RedirectStandardOutput = true,
        })!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        const string Listening = "Now listening on: ";
        while (_client.BaseAddress is null)
        {
            string line = await _process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException("The host has ended.");
            if (line.Contains(Listening, StringComparison.Ordinal))
            {
                _client.BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]);
            }
        }

        // Its log must not fill the pipe.
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    // Also where InitializeAsync failed, unlike DisposeAsync.
    public void Dispose()
    {
        _client.Dispose();
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
    }

    [Fact]
    public async Task Post_Applications_AnswersDecisions()
    {
        // The three that PyTorch finds best, the three that it finds worst.
        string[] ids = [.. CreditFiles.Reference.OrderBy(static r => r.Value).Select(static r => r.Key)];
        foreach (string id in (string[])[.. ids[..3], .. ids[^3..]])
        {
            Dictionary<string, string?> applicant = CreditFiles.Applicants.Single(a => a["id"] == id);

            (HttpResponseMessage response, JsonElement decision) = await PostAsync($$"""
                {
                  "id": "a-1", "customerId": "{{id}}", "duration": {{applicant["Duration"]}}, "amount": {{applicant["Amount"]}},
                  "installmentRatePercentage": {{applicant["InstallmentRatePercentage"]}}, "purpose": "{{applicant["Purpose"]}}",
                  "otherDebtorsGuarantors": "{{applicant["OtherDebtorsGuarantors"]}}"
                }
                """);

            bool isBad = CreditFiles.Reference[id] > 0.5f;
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            decision.GetProperty("id").GetString().Should().Be("a-1");
            decision.GetProperty("score").GetSingle().Should().BeApproximately(CreditFiles.Reference[id], 1e-5f);
            decision.GetProperty("outcome").GetString().Should().Be(isBad ? "Decline" : "Approve");
            decision.GetProperty("isCustomerKnown").GetBoolean().Should().BeTrue();
            decision.GetProperty("reasons").GetArrayLength().Should().BeInRange(isBad ? 1 : 0, isBad ? 3 : 0);
        }
    }

    [Fact]
    public async Task Post_UnknownCustomer_IsReferred()
    {
        (HttpResponseMessage response, JsonElement decision) = await PostAsync("""
            {
              "id": "a-1", "customerId": "nobody", "duration": 12, "amount": 700, "installmentRatePercentage": 2, "purpose": "NewCar",
              "otherDebtorsGuarantors": "None"
            }
            """);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        decision.GetProperty("isCustomerKnown").GetBoolean().Should().BeFalse();
        decision.GetProperty("outcome").GetString().Should().Be("Refer");
    }

    [Fact]
    public async Task Post_Faults_NamesThemAll()
    {
        (HttpResponseMessage response, JsonElement problem) = await PostAsync("""
            { "id": "a-1", "customerId": "applicant-0316", "duration": 0, "amount": 700, "installmentRatePercentage": 2, "purpose": "Yacht" }
            """);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        problem.GetProperty("errors").EnumerateObject().Select(static e => e.Name).Should().BeEquivalentTo(["Duration", "Purpose", "OtherDebtorsGuarantors"]);
        problem.GetProperty("errors").GetProperty("Duration")[0].GetString().Should().Be("must be 1 to 120 months");
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1200, "2")]
    public async Task TryHandle_Overload_SaysWhenToComeAgain(int milliseconds, string retryAfter)
    {
        var context = new DefaultHttpContext();

        bool isHandled = await new PredictionErrors().TryHandleAsync(
            context, new OverloadedException("full", TimeSpan.FromMilliseconds(milliseconds)), CancellationToken.None);

        isHandled.Should().BeTrue();
        context.Response.StatusCode.Should().Be(503);
        context.Response.Headers.RetryAfter.ToString().Should().Be(retryAfter);
    }

    [Fact]
    public async Task TryHandle_AnotherError_LeavesIt()
    {
        (await new PredictionErrors().TryHandleAsync(new DefaultHttpContext(), new InvalidOperationException(), CancellationToken.None)).Should().BeFalse();
    }

    private async Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        HttpResponseMessage response = await _client.PostAsync(new Uri("/decisions", UriKind.Relative), content);
        return (response, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }
}
