using System.Reflection;

namespace ModularShop.Modularity.Apis;

/// <summary>Stands for a module's API wherever it is asked for: each call goes to the implementation here, or to the process that owns the module's data.</summary>
internal class ModuleApiProxy : DispatchProxy
{
    private ModuleApi _api = null!;
    private ModuleApiClient _client = null!;
    private object? _implementation;

    /// <param name="implementation">Null where the module is in another process.</param>
    public static object Of(ModuleApi api, ModuleApiClient client, object? implementation)
    {
        var proxy = Create(api.Type, typeof(ModuleApiProxy));
        var made = (ModuleApiProxy)proxy;
        (made._api, made._client, made._implementation) = (api, client, implementation);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _api[targetMethod!].Ask(_client, _implementation, args!);
}
