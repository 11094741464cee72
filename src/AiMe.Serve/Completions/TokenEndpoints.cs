using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiMe.Serve.Chat;
using AiMe.Serve.Http;
using AiMe.Serve.Models;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Completions;

/// <summary><c>POST /tokenize</c> and <c>POST /detokenize</c>, as vLLM has them.</summary>
internal sealed class TokenEndpoints(ModelCatalog models, WorkGate gate)
{
    /// <summary>The tokens of a text or a chat.</summary>
    public async Task TokenizeAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context);
        using var turn = await gate.EnterAsync(context.RequestAborted);
        var model = await models.NeedAsync(request.NeedText("model"), context.RequestAborted);
        var isChat = request.Find("messages") is not null;
        if (isChat == (request.Find("prompt") is not null))
            throw ApiException.Invalid("Expected one of 'prompt' and 'messages'.", "prompt", "invalid_parameter_combination");
        var hasTexts = request.Flag("return_token_strs") ?? false;
        request.Unless("add_special_tokens", s => s.ValueKind is JsonValueKind.True or JsonValueKind.False, "expected true or false");
        ImmutableArray<int> tokens;
        if (isChat)
        {
            var (chat, isContinued) = ChatRequest.Messages(request);
            tokens = ChatEndpoint.Prompt(model.Family, chat, isContinued, most: 0).Tokens;
        }
        else
        {
            tokens = [.. model.Family.Encode(request.NeedText("prompt"))];
        }

        request.End();
        await JsonBody.WriteAsync(context, json =>
        {
            json.WriteNumber("count", tokens.Length);
            json.WriteNumber("max_model_len", model.Family.Context);
            json.WriteStartArray("tokens");
            foreach (var token in tokens)
                json.WriteNumberValue(token);
            json.WriteEndArray();
            if (!hasTexts)
                return;
            json.WriteStartArray("token_strs");
            foreach (var token in tokens)
                json.WriteStringValue(Encoding.UTF8.GetString(model.Family.BytesOf(token)));
            json.WriteEndArray();
        });
    }

    /// <summary>The text of tokens.</summary>
    public async Task DetokenizeAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context);
        using var turn = await gate.EnterAsync(context.RequestAborted);
        var model = await models.NeedAsync(request.NeedText("model"), context.RequestAborted);
        var most = (await model.Family.ModelAsync(model.Checkpoint, context.RequestAborted)).Config.Vocabulary;
        if (request.Find("tokens") is not { ValueKind: JsonValueKind.Array } list)
            throw ApiException.Invalid("Missing required parameter: 'tokens': expected an array of token ids.", "tokens");
        request.End();
        List<byte> bytes = [];
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var id) || id < 0 || id >= most)
                throw ApiException.Invalid($"Invalid value for 'tokens': expected ids from 0 to {most - 1}.", "tokens", "invalid_value");
            bytes.AddRange(model.Family.BytesOf(id));
        }

        var text = Encoding.UTF8.GetString([.. bytes]);
        await JsonBody.WriteAsync(context, json => json.WriteString("prompt", text));
    }
}
