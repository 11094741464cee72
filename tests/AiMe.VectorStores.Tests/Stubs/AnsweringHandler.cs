using System.Net;
using System.Text;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>Answers requests as a test says, and remembers them.</summary>
internal sealed class AnsweringHandler(Func<string, string, (int Status, string Body)> answer) : HttpMessageHandler
{
    /// <summary>Bodies of the requests, in order.</summary>
    public List<string> Bodies { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        var (status, body) = answer(request.RequestUri!.PathAndQuery, Bodies[^1]);
        return new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, Encoding.UTF8, body.StartsWith('<') ? "text/html" : "application/json"),
        };
    }
}
