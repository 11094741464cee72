using Google.Protobuf.Collections;
using Grpc.Core;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace AiMe.VectorStores.Qdrant;

/// <summary>Calls Qdrant and words its failures.</summary>
internal sealed class QdrantCalls(StoreFailures failures, TimeSpan timeout)
{
    public StoreFailures Failures => failures;

    /// <summary>The answer of a call.</summary>
    /// <exception cref="VectorStoreException">Qdrant did not answer, or refused.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FailureOf(e);
        }
        catch (QdrantException e)
        {
            throw failures.Refusal($"it did not do what was asked: {e.Message}", "Look into its log", e);
        }
    }

    /// <summary>The same for a call without an answer.</summary>
    public Task CallAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        CallAsync(
            async token =>
            {
                await call(token);
                return true;
            },
            cancellationToken
        );

    /// <summary>A text of a point's payload that every memory has.</summary>
    public string TextOf(MapField<string, Value> payload, string name) =>
        payload.TryGetValue(name, out var value) && value.KindCase == Value.KindOneofCase.StringValue
            ? value.StringValue
            : throw failures.Refusal(
                $"it holds a point of this instance without {name}, which AiMe did not write",
                "Remove the point, or give the name of another collection"
            );

    private VectorStoreException FailureOf(RpcException e)
    {
        var said = $"it answered {e.StatusCode}{(e.Status.Detail.Length > 0 ? $": {e.Status.Detail}" : "")}";
        return e.StatusCode switch
        {
            StatusCode.DeadlineExceeded => failures.Slow(timeout, e),
            StatusCode.Unavailable when e.Status.DebugException is { } cause => failures.Unreachable(cause),
            StatusCode.Unavailable or StatusCode.ResourceExhausted => failures.Passing(said, "Try again later, or raise its limits", e),
            StatusCode.Cancelled or StatusCode.Aborted => failures.Passing(said, "Try again later", e),
            StatusCode.Internal when e.Status.DebugException is not null => failures.Passing(
                said,
                "Check that the address is that of its gRPC port, which is 6334 by default",
                e
            ),
            StatusCode.Internal => failures.Passing(said, "Try again later, and look into its log", e),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => failures.Refusal(
                said,
                "Check its key, and what the key may do",
                e
            ),
            StatusCode.NotFound or StatusCode.Unimplemented => failures.Refusal(said, "Check its address, version and collection", e),
            _ => failures.Refusal(said, "Correct what it names", e),
        };
    }
}
