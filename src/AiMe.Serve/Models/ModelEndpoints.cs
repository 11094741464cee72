using System.Text.Json;
using AiMe.Serve.Http;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Models;

/// <summary>The endpoints of <c>/v1/models</c>.</summary>
/// <param name="embedders">Names of the embedders, which are listed too.</param>
/// <param name="started">Unix time of the server's start, seconds.</param>
internal sealed class ModelEndpoints(ModelCatalog models, IReadOnlyCollection<string> embedders, long started)
{
    /// <summary>Lists every model.</summary>
    public Task ListAsync(HttpContext context) => JsonBody.WriteAsync(context, json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in models.All)
            {
                json.WriteStartObject();
                Write(json, model);
                json.WriteEndObject();
            }

            foreach (var embedder in embedders)
            {
                json.WriteStartObject();
                Embedder(json, embedder);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    /// <summary>Describes a model.</summary>
    public async Task GetAsync(HttpContext context, string id)
    {
        if (embedders.Contains(id))
        {
            await JsonBody.WriteAsync(context, json => Embedder(json, id));
            return;
        }

        var model = await models.NeedAsync(id, context.RequestAborted);
        await JsonBody.WriteAsync(context, json => Write(json, model));
    }

    private static void Write(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteString("id", model.Id);
        json.WriteString("object", "model");
        json.WriteNumber("created", model.Created);
        json.WriteString("owned_by", model.Owner);
        json.WriteNumber("max_model_len", model.Family.Context);
        json.WriteString("root", model.Checkpoint);
        JsonBody.Text(json, "parent", model.Parent);
    }

    private void Embedder(Utf8JsonWriter json, string name)
    {
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", started);
        json.WriteString("owned_by", "aime");
    }
}
