using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>Binds the service's methods: the client's package has the messages, and no base class of a service.</summary>
internal sealed class QdrantMethods : IServiceMethodProvider<QdrantService>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<QdrantService> context)
    {
        Add<CollectionExistsRequest, CollectionExistsResponse>(context, "Collections", "CollectionExists", (s, r) => s.Exists(r));
        Add<CreateCollection, CollectionOperationResponse>(context, "Collections", "Create", (s, r) => s.Create(r));
        Add<GetCollectionInfoRequest, GetCollectionInfoResponse>(context, "Collections", "Get", (s, r) => s.Info(r));
        Add<CreateFieldIndexCollection, PointsOperationResponse>(context, "Points", "CreateFieldIndex", (s, r) => s.Index(r));
        Add<UpsertPoints, PointsOperationResponse>(context, "Points", "Upsert", (s, r) => s.Upsert(r));
        Add<DeletePoints, PointsOperationResponse>(context, "Points", "Delete", (s, r) => s.Delete(r));
        Add<QueryPoints, QueryResponse>(context, "Points", "Query", (s, r) => s.Query(r));
        Add<CountPoints, CountResponse>(context, "Points", "Count", (s, r) => s.Count(r));
        Add<HealthCheckRequest, HealthCheckReply>(context, "Qdrant", "HealthCheck", (_, _) => new HealthCheckReply { Version = "1.20.0" });
        Add<ScrollPoints, ScrollResponse>(context, "Points", "Scroll", (s, r) => s.Scroll(r));
    }

    private static void Add<TRequest, TAnswer>(
        ServiceMethodProviderContext<QdrantService> context,
        string service,
        string method,
        Func<QdrantService, TRequest, TAnswer> answer
    )
        where TRequest : class, IMessage<TRequest>, new()
        where TAnswer : class, IMessage<TAnswer>, new() =>
        context.AddUnaryMethod(
            new Method<TRequest, TAnswer>(MethodType.Unary, $"qdrant.{service}", method, Marshaller<TRequest>(), Marshaller<TAnswer>()),
            [],
            (stub, request, call) => stub.AnswerAsync(request, answer, call)
        );

    private static Marshaller<T> Marshaller<T>()
        where T : IMessage<T>, new() => Marshallers.Create(message => message.ToByteArray(), new MessageParser<T>(() => new T()).ParseFrom);
}
