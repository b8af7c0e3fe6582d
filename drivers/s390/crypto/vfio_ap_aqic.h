/* SPDX-License-Identifier: GPL-2.0 */
/* PQAP(AQIC) of a guest. */
#ifndef VFIO_AP_AQIC_H
#define VFIO_AP_AQIC_H

struct kvm_vcpu;

int vfio_ap_aqic_intercept(struct kvm_vcpu *vcpu);

#endif
