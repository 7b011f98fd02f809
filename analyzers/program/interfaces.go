package program

import "go/types"

// Interfaces returns the methods of the package's interfaces by which others may call a
// method of a type of it.
func (p *Program) Interfaces(fn *types.Func) (list []*types.Func) {
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	for _, tn := range p.Types() {
		iface := instance(tn.Type(), fn.Signature().RecvTypeParams())
		if iface == nil || !types.Implements(recv.Type(), iface) {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if m.Name() == fn.Name() && m.Pkg() == p.pkg {
				list = append(list, m.Origin())
			}
		}
	}
	return list
}

// instance returns the interface that t is, a generic one for the given types; nil for
// another type.
func instance(t types.Type, params *types.TypeParamList) *types.Interface {
	if !types.IsInterface(t) {
		return nil
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.TypeParams().Len() > 0 {
		if n.TypeParams().Len() != params.Len() {
			return nil
		}
		var args []types.Type
		for param := range params.TypeParams() {
			args = append(args, param)
		}
		inst, err := types.Instantiate(nil, n.Origin(), args, false)
		if err != nil {
			return nil
		}
		t = inst
	}
	iface, _ := t.Underlying().(*types.Interface)
	return iface
}
