using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using Grpc.Core;
using Qdrant.Client.Grpc;
using Value = Qdrant.Client.Grpc.Value;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>What Qdrant does with points of collections without named vectors.</summary>
internal sealed class QdrantService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Collection> _collections = new(StringComparer.Ordinal);

    public Fault Fault { get; set; }

    /// <summary>Whether the last search was asked to be exact.</summary>
    public bool AskedExactly { get; private set; }

    public async Task<TAnswer> AnswerAsync<TRequest, TAnswer>(
        TRequest request,
        Func<QdrantService, TRequest, TAnswer> answer,
        ServerCallContext call
    )
    {
        if (Fault == Fault.Silent)
            await Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
        if (Fault == Fault.Gone)
            call.GetHttpContext().Abort();
        else if (Fault is not (Fault.None or Fault.Dying))
            throw Error(
                Fault switch
                {
                    Fault.Busy => StatusCode.ResourceExhausted,
                    Fault.Broken => StatusCode.Internal,
                    Fault.Unavailable => StatusCode.Unavailable,
                    Fault.Locked => StatusCode.Unauthenticated,
                    _ => StatusCode.InvalidArgument,
                },
                $"the server's own words about {StoreServer.Key}."
            );
        if (call.RequestHeaders.GetValue("api-key") != StoreServer.Key)
            throw Error(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token");
        if (Fault == Fault.Gone)
            throw Error(StatusCode.Unavailable, "nobody hears this");
        TAnswer answered;
        lock (_lock)
            answered = answer(this, request);
        if (Fault == Fault.Dying)
            call.GetHttpContext().Abort();
        return answered;
    }

    public CollectionExistsResponse Exists(CollectionExistsRequest request) =>
        new() { Result = new CollectionExists { Exists = _collections.ContainsKey(request.CollectionName) } };

    public CollectionOperationResponse Create(CreateCollection request)
    {
        if (!_collections.TryAdd(request.CollectionName, new Collection(request.VectorsConfig)))
            throw Error(StatusCode.AlreadyExists, $"Collection `{request.CollectionName}` already exists!");
        return new CollectionOperationResponse { Result = true };
    }

    public GetCollectionInfoResponse Info(GetCollectionInfoRequest request)
    {
        var known = Find(request.CollectionName);
        CollectionInfo info = new()
        {
            Status = CollectionStatus.Green,
            Config = new CollectionConfig { Params = new CollectionParams { VectorsConfig = known.Vectors } },
            PointsCount = (ulong)known.Points.Count,
        };
        foreach (var (name, type) in known.Indexes)
            info.PayloadSchema[name] = new PayloadSchemaInfo { DataType = type };
        return new GetCollectionInfoResponse { Result = info };
    }

    public PointsOperationResponse Index(CreateFieldIndexCollection request)
    {
        Find(request.CollectionName).Indexes[request.FieldName] = Enum.Parse<PayloadSchemaType>(request.FieldType.ToString());
        return Done();
    }

    public PointsOperationResponse Upsert(UpsertPoints request)
    {
        var known = Find(request.CollectionName);
        var size = (int)known.Vectors.Params.Size;
        foreach (var point in request.Points)
        {
            var floats = point.Vectors.Vector.Dense.Data;
            if (floats.Count != size)
                throw Error(StatusCode.InvalidArgument, $"Wrong input: Vector dimension error: expected dim: {size}, got {floats.Count}");
            var id = Guid.ParseExact(point.Id.Uuid, "D").ToString();
            known.Points[id] = new StubPoint(id, [.. floats], FieldsOf(point.Payload));
            known.Payloads[id] = point.Payload.Clone();
        }

        return Done();
    }

    public PointsOperationResponse Delete(DeletePoints request)
    {
        var known = Find(request.CollectionName);
        foreach (var point in known.Points.Values.Where(p => Fits(p, request.Points.Filter)).ToList())
            known.Points.Remove(point.Id);
        return Done();
    }

    public CountResponse Count(CountPoints request) =>
        new()
        {
            Result = new CountResult { Count = (ulong)Find(request.CollectionName).Points.Values.Count(p => Fits(p, request.Filter)) },
        };

    public QueryResponse Query(QueryPoints request)
    {
        var known = Find(request.CollectionName);
        AskedExactly = request.Params?.Exact == true;
        var query = request.Query.Nearest.Dense.Data.ToArray();
        if (query.Length != (int)known.Vectors.Params.Size)
            throw Error(StatusCode.InvalidArgument, $"Wrong input: Vector dimension error: got {query.Length}");
        QueryResponse answer = new();
        answer.Result.AddRange(
            known
                .Points.Values.Where(p => Fits(p, request.Filter))
                .OrderByDescending(p => p.CosineTo(query))
                .Take((int)request.Limit)
                .Select(p =>
                {
                    ScoredPoint scored = new()
                    {
                        Id = new PointId { Uuid = p.Id },
                        Score = (float)p.CosineTo(query),
                    };
                    scored.Payload.Add(Selected(known.Payloads[p.Id], request.WithPayload));
                    return scored;
                })
        );
        return answer;
    }

    public ScrollResponse Scroll(ScrollPoints request)
    {
        var known = Find(request.CollectionName);
        var from = request.Offset?.Uuid ?? "";
        var page = known
            .Points.Values.Where(p => string.CompareOrdinal(p.Id, from) >= 0 && Fits(p, request.Filter))
            .Take((int)request.Limit + 1)
            .ToList();
        ScrollResponse answer = new();
        foreach (var point in page.Take((int)request.Limit))
        {
            RetrievedPoint retrieved = new() { Id = new PointId { Uuid = point.Id } };
            retrieved.Payload.Add(Selected(known.Payloads[point.Id], request.WithPayload));
            answer.Result.Add(retrieved);
        }

        if (page.Count > (int)request.Limit)
            answer.NextPageOffset = new PointId { Uuid = page[^1].Id };
        return answer;
    }

    private static RpcException Error(StatusCode code, string words) => new(new Status(code, words));

    private static PointsOperationResponse Done() => new() { Result = new UpdateResult { Status = UpdateStatus.Completed } };

    private Collection Find(string name) =>
        _collections.TryGetValue(name, out var known)
            ? known
            : throw Error(StatusCode.NotFound, $"Not found: Collection `{name}` doesn't exist!");

    private static JsonObject FieldsOf(MapField<string, Value> payload) =>
        new(
            payload.Select(p =>
                KeyValuePair.Create<string, JsonNode?>(
                    p.Key,
                    p.Value.KindCase switch
                    {
                        Value.KindOneofCase.StringValue => p.Value.StringValue,
                        Value.KindOneofCase.BoolValue => p.Value.BoolValue,
                        Value.KindOneofCase.IntegerValue => p.Value.IntegerValue,
                        _ => p.Value.DoubleValue,
                    }
                )
            )
        );

    private static Dictionary<string, Value> Selected(MapField<string, Value> payload, WithPayloadSelector selector) =>
        payload.Where(p => selector.Include.Fields.Contains(p.Key)).ToDictionary();

    private static bool Fits(StubPoint point, Filter filter) =>
        filter.MustNot.All(condition => point.Fields[condition.IsEmpty.Key] is not null)
        && filter.Must.All(condition =>
        {
            var value = point.Fields[condition.Field.Key];
            return condition.Field.Match.MatchValueCase == Match.MatchValueOneofCase.Boolean
                ? value?.GetValue<bool>() == condition.Field.Match.Boolean
                : value?.GetValue<string>() == condition.Field.Match.Keyword;
        });

    private sealed class Collection(VectorsConfig vectors)
    {
        public VectorsConfig Vectors { get; } = vectors;

        public SortedDictionary<string, StubPoint> Points { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, MapField<string, Value>> Payloads { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, PayloadSchemaType> Indexes { get; } = new(StringComparer.Ordinal);
    }
}
