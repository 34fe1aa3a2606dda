using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using RealtimeInference;

namespace CreditCheck.Host;

/// <summary>Says in HTTP what a caller can do about an error.</summary>
public sealed class PredictionErrors : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case InputValidationException invalid:
                var faults = invalid.Faults.GroupBy(f => f.Path, f => f.Message).ToDictionary(g => g.Key, g => g.ToArray());
                await TypedResults.ValidationProblem(faults).ExecuteAsync(httpContext);
                return true;
            case OverloadedException overloaded:
                // Rounded up: a client that comes a moment too early is refused again.
                double seconds = Math.Max(1, Math.Ceiling(overloaded.RetryAfter.TotalSeconds));
                httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return true;
            default:
                return false;
        }
    }
}
